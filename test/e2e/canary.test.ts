/**
 * A key, a prompt and an answer that can be told from all else go every way that a call can go, by the built command line
 * and the built action, and are afterwards in nothing that was written.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openStand, policyText } from '../action/stand.js';
import { startUpstream, type Seen, type Upstream } from '../support/upstream.js';
import { NODES, policyFor, PROGRAMS, runCli, startCli, until, workspace, type Ended } from './harness.js';

const hex = () => randomBytes(16).toString('hex');
const KEY = `sk-canary-${hex()}`;
const PROMPT = `prompt-canary-${hex()}`;
const ANSWER = `answer-canary-${hex()}`;
const CANARIES = [PROMPT, ANSWER, KEY];
const MODELS = ['gpt-4o', 'echo', 'reset', 'garbage'];
const newest = NODES.at(-1)?.[1] ?? process.execPath;

let upstream: Upstream | undefined;
afterEach(() => upstream?.close());

/** Answers with the canary; errors that hold the key and the prompt, a broken connection, and no JSON at all. */
function answer(
  seen: Seen,
  response: Parameters<NonNullable<Parameters<typeof startUpstream>[0]>['intercept'] & object>[1],
) {
  const { model, stream } = seen.body;
  if (model === 'reset') response.writeHead(200, { 'content-length': 1000 }).write(ANSWER, () => response.destroy());
  else if (model === 'garbage') response.writeHead(200, { 'content-type': 'application/json' }).end(`{"${ANSWER}`);
  else if (model === 'echo')
    response.writeHead(401, { 'x-echo': KEY }).end(JSON.stringify({ error: { message: `${KEY} ${PROMPT}` } }));
  else if (stream === true) response.writeHead(200, { 'content-type': 'text/event-stream' }).end(streamed());
  else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(completion()));
  return true;
}

const usage = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };
const completion = () => ({
  model: 'gpt-4o',
  choices: [{ index: 0, message: { role: 'assistant', content: ANSWER } }],
  usage,
});
const streamed = () =>
  [
    { model: 'gpt-4o', choices: [{ index: 0, delta: { content: ANSWER } }] },
    { model: 'gpt-4o', choices: [], usage },
  ]
    .map((data) => `data: ${JSON.stringify(data)}\n\n`)
    .join('') + 'data: [DONE]\n\n';

/** All files below a directory that hold a canary, and all texts that do. */
function findings(directories: readonly string[], texts: Readonly<Record<string, string>>): string[] {
  const files = directories.flatMap((directory) =>
    readdirSync(directory, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const all = [...files.map((file) => [file, readFileSync(file, 'latin1')] as const), ...Object.entries(texts)];
  return all.flatMap(([name, text]) =>
    CANARIES.filter((canary) => text.includes(canary)).map((canary) => `${canary} in ${name}`),
  );
}

interface Place {
  readonly temp: string;
  readonly seen: string;
  readonly env: Readonly<Record<string, string>>;
  readonly command: (end: string, models?: readonly string[]) => string[];
}

/** A directory for temporary files that is the run's own, and a command whose own output is no matter here. */
function openPlace(): Place {
  const root = mkdtempSync(join(tmpdir(), 'tb-canary-'));
  const temp = join(root, 'temp');
  mkdirSync(temp);
  const seen = join(root, 'seen');
  const quiet = 'exec "$@" 2>/dev/null';
  return {
    temp,
    seen,
    env: { TMPDIR: temp, SEEN: seen, CANARIES: CANARIES.join(' '), OPENAI_API_KEY: KEY },
    command: (end, models = MODELS) => [
      'sh',
      '-c',
      quiet,
      'sh',
      process.execPath,
      join(PROGRAMS, 'canary.mjs'),
      end,
      ...models,
    ],
  };
}

const LIMITS: readonly (readonly [string, string])[] = [
  ['raise', 'limits: { calls: 100 }'],
  ['raise, with refusals', 'limits: { calls: 2 }'],
  ['warn, past its limit', 'limits: { calls: 2 }\non_exceed: warn'],
  ['halt, at its limit', 'limits: { calls: 5 }\non_exceed: halt'],
  ['a cost limit and a model without a price', 'limits: { cost_usd: 1 }'],
  ['one call that is too large', 'limits: { per_call: { tokens: 10 } }'],
  ['custody', 'limits: { calls: 100 }\nkeys: gateway'],
];
const DEBUG = {
  NODE_DEBUG: 'http,https,http2,net,tls,stream,undici,fetch,child_process,worker',
  DEBUG: '*',
  RUNNER_DEBUG: '1',
  ACTIONS_STEP_DEBUG: 'true',
};

async function runIn(place: Place, limits: string, end: string, env: Readonly<Record<string, string>> = {}) {
  upstream = await startUpstream({ intercept: answer });
  const files = workspace(policyFor(upstream.origin, limits));
  const args = ['run', '--policy', files.policy, '--report-dir', files.report, '--', ...place.command(end)];
  const options = { env: { ...place.env, REPORT: files.report, ...env }, cwd: files.dir, node: newest };
  return { args, options, files };
}

function expectNothing(place: Place, directory: string, ended: Ended): void {
  expect(findings([directory, place.temp], { stdout: ended.stdout, stderr: ended.stderr })).toEqual([]);
}

test.each(LIMITS.flatMap(([name, limits]) => [[name, limits, 'end'] as const, [name, limits, 'crash'] as const]))(
  'under %s (%s) nothing that is written holds a canary, whether the command ends or crashes: %s',
  async (name, limits, end) => {
    const place = openPlace();
    const { args, options, files } = await runIn(place, limits, end);
    const ended = await runCli(args, options);
    expect(existsSync(join(files.report, 'report.json')), ended.stderr).toBe(true);
    expectNothing(place, files.report, ended);
    if (!name.startsWith('halt')) expect(readFileSync(place.seen, 'utf8')).toBe('looked\n');
    // The canaries did go through.
    const passed = JSON.stringify(upstream?.seen);
    if (!name.startsWith('one call')) expect([passed.includes(KEY), passed.includes(PROMPT)]).toEqual([true, true]);
  },
);

test.each(['limits: { calls: 4 }', 'limits: { calls: 100 }\nkeys: gateway'])(
  'with all that Node and the runner can log turned on, under %s',
  async (limits) => {
    const place = openPlace();
    const { args, options, files } = await runIn(place, limits, 'end', DEBUG);
    const ended = await runCli(args, options);
    expect(ended.stderr).not.toMatch(/^[A-Z_]+ \d+: /m);
    expectNothing(place, files.report, ended);
  },
);

test('what makes Node log reaches the command, which may log what it likes', async () => {
  const place = openPlace();
  const { files, options } = await runIn(place, 'keys: gateway', 'end', DEBUG);
  const args = ['run', '--policy', files.policy, '--report-dir', files.report, '--', 'sh', '-c', 'echo "$NODE_DEBUG"'];
  expect((await runCli(args, options)).stdout.trim()).toBe(DEBUG.NODE_DEBUG);
});

test.runIf(!('execve' in process))('a Node that cannot help logging calls runs nothing', async () => {
  const place = openPlace();
  const { args, options } = await runIn(place, 'limits: { calls: 4 }', 'end', DEBUG);
  const { status, stderr } = await runCli(args, { ...options, node: process.execPath });
  expect(status).toBe(2);
  expect(stderr).toContain('env NODE_DEBUG=… COMMAND');
  expect(upstream?.seen).toEqual([]);
});

test.each(['limits: { calls: 3 }', 'limits: { calls: 100 }\nkeys: gateway'])(
  'after a SIGKILL, and when the report was built from the journal, under %s',
  async (limits) => {
    const place = openPlace();
    const { args, options, files } = await runIn(place, limits, 'wait');
    const { child, ended } = startCli(args, options);
    await until(() => existsSync(place.seen) && readFileSync(place.seen, 'utf8').endsWith('looked\n'));
    child.kill('SIGKILL');
    expectNothing(place, files.report, await ended);
    expectNothing(place, files.report, await runCli(['report', files.report], options));
    expect(readFileSync(join(files.report, 'report.md'), 'utf8')).toContain('cut short');
  },
);

test('errors of our own hold no canary: a bad policy, an upstream that is not there', async () => {
  const place = openPlace();
  const files = workspace(policyFor('http://127.0.0.1:9', 'limits: { calls: 9 }'));
  const args = [
    'run',
    '--policy',
    files.policy,
    '--report-dir',
    files.report,
    '--',
    'env',
    `MY_API_KEY=${KEY}`,
    ...place.command('end'),
  ];
  expectNothing(
    place,
    files.report,
    await runCli(args, { env: { ...place.env, REPORT: files.report }, cwd: files.dir }),
  );
  const bad = workspace(`version: 1\nupstreams: { api.openai.com: { key_variable: "${KEY}" } }`);
  const ended = await runCli(['check', '--policy', bad.policy], { env: place.env });
  expect(ended.status).toBe(2);
  expect(ended.stderr).toContain('key_variable');
});

test.each([
  ['success, refusals and errors', 'limits: { calls: 6 }', 'end', {}, undefined],
  ['debug logging', 'limits: { calls: 6 }', 'end', DEBUG, undefined],
  ['custody and debug logging', 'limits: { calls: 6 }\nkeys: gateway', 'end', DEBUG, undefined],
  ['a crash of the command', 'limits: { calls: 100 }\nkeys: gateway', 'crash', {}, undefined],
  ['warn', 'limits: { calls: 2 }\non_exceed: warn', 'end', {}, undefined],
  ['halt', 'limits: { calls: 5 }\non_exceed: halt', 'end', {}, undefined],
  ['a SIGKILL, and post', 'limits: { calls: 6 }\nkeys: gateway', 'wait', {}, { upon: /^ready/ }],
] as const)('in the action, through %s: no file, log, comment or output', async (_, limits, end, env, kill) => {
  const stand = await openStand();
  upstream = await startUpstream({ intercept: answer });
  const place = openPlace();
  const run = place
    .command(end)
    .map((word) => `'${word}'`)
    .join(' ');
  const result = await stand.run({
    inputs: { run, 'policy-inline': policyText(upstream, limits) },
    env: { ...place.env, ...env },
    ...(kill ? { kill } : {}),
  });
  const { outputs, annotations, state, lines, summaries } = result;
  const told = JSON.stringify([outputs, annotations, state, lines, summaries, result.env, stand.github.world.comments]);
  expect(findings([result.temp, result.workspace, place.temp], { told })).toEqual([]);
  expect(stand.github.world.comments).toHaveLength(1);
  if (!limits.includes('halt')) expect(readFileSync(place.seen, 'utf8')).toBe('looked\n');
});
