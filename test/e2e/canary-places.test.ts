/** A key in every place that a client, a command or a policy controls is in nothing that is written or printed. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openStand, policyText } from '../action/stand.js';
import { startUpstream, type Upstream } from '../support/upstream.js';
import { NODES, policyFor, PROGRAMS, readReport, runCli, workspace } from './harness.js';

const hex = (bytes: number) => randomBytes(bytes).toString('hex');
/** One that only its variable's name tells, one that only its shape tells, one that is but a run of digits. */
const NAMED = `plain-${hex(6)}-words`;
const SHAPED = `sk-unknown-${hex(16)}`;
const RUN = `a1${hex(16)}`;
const OWN_KEY = `sk-own-${hex(16)}`;
const newest = NODES.at(-1)?.[1] ?? process.execPath;

let upstream: Upstream | undefined;
afterEach(() => upstream?.close());

/** Answers in the name of the model that was asked for, or of a secret. */
const openUpstream = () =>
  startUpstream({
    intercept: (seen, response) => {
      const asked = String(seen.body.model);
      const model = asked === 'answers-with-another' ? SHAPED : asked;
      const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 };
      const choices = [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }];
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ model, choices, usage }));
      return true;
    },
  });

const WORDS = [
  ...['--token', SHAPED, `--api-key=${NAMED}`, `{"apiKey":"${RUN}"}`, `https://ada:${RUN}@proxy.example/`],
  ...['-H', `Authorization: Basic ${RUN}`, `x=${NAMED}`, `ada:${RUN}@db.example`, `Bearer ${RUN}`],
];

function openPlace() {
  const root = mkdtempSync(join(tmpdir(), 'tb-places-'));
  const temp = join(root, 'temp');
  mkdirSync(temp);
  const used = join(root, 'used.json');
  const env = {
    TMPDIR: temp,
    USED: used,
    SECRETS: `${NAMED} ${SHAPED} ${RUN}`,
    VENDOR_TOKEN: NAMED,
    OPENAI_API_KEY: OWN_KEY,
  };
  return { temp, used, env, command: [process.execPath, join(PROGRAMS, 'places.mjs'), ...WORDS] };
}

function findings(directories: readonly string[], texts: Readonly<Record<string, string>>, secrets: readonly string[]) {
  const files = directories.flatMap((directory) =>
    readdirSync(directory, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const all = [...files.map((file) => [file, readFileSync(file, 'latin1')] as const), ...Object.entries(texts)];
  return all.flatMap(([name, text]) =>
    secrets.filter((each) => text.includes(each)).map((each) => `${each} in ${name}`),
  );
}

const usedIn = (file: string) => [...(JSON.parse(readFileSync(file, 'utf8')) as string[]), OWN_KEY];

test.each([
  ['raise', 'limits: { calls: 1000 }'],
  ['refusals', 'limits: { calls: 2 }'],
  ['a cost limit, unpriced refused', 'limits: { cost_usd: 1 }'],
  ['a cost limit, unpriced told', 'limits: { cost_usd: 1 }\nunpriced: warn'],
  ['warn', 'limits: { calls: 2 }\non_exceed: warn'],
  ['strict', 'limits: { calls: 1000 }\nmetering: strict'],
  ['custody', 'limits: { calls: 1000 }\nkeys: gateway'],
  [
    'limits and rates in a secret’s name',
    `limits: { models: { "${SHAPED}": { calls: 1 } } }\nrates: { "${SHAPED}": 0, "${NAMED}*": 0, unused-${NAMED}: 0 }`,
  ],
])('under %s', async (_name, limits) => {
  upstream = await openUpstream();
  const place = openPlace();
  const files = workspace(policyFor(upstream.origin, limits));
  const args = ['run', '--policy', files.policy, '--report-dir', files.report, '--', ...place.command];
  const { stdout, stderr } = await runCli(args, { env: place.env, cwd: files.dir, node: newest });
  const secrets = usedIn(place.used);
  expect(findings([files.report, place.temp], { stdout, stderr }, secrets)).toEqual([]);
  const report = readReport(files.report);
  expect(report.calls.length).toBeGreaterThan(10);
  expect(report.calls.map(({ model }) => model)).toEqual(expect.arrayContaining(['***', 'vendor/***', 'gpt-4o']));
  const again = await runCli(['report', files.report], { env: { TMPDIR: place.temp }, cwd: files.dir });
  expect(findings([files.report], { stdout: again.stdout, stderr: again.stderr }, secrets)).toEqual([]);
});

test.each([
  ['a policy that is not there', ['run', '--policy', `${SHAPED}.yml`]],
  ['a command that is not there', ['run', '--policy', 'POLICY', '--', `./${SHAPED}`]],
  ['a word too many', ['check', SHAPED]],
  ['a model without a price', ['prices', SHAPED]],
  ['a directory that is no report', ['report', SHAPED]],
])('in the error about %s', async (_name, args) => {
  const files = workspace('version: 1\nlimits: { calls: 1 }');
  const words = args.map((word) => (word === 'POLICY' ? files.policy : word));
  const { stdout, stderr, status } = await runCli(words, { cwd: files.dir });
  expect(status).not.toBe(0);
  expect(findings([], { stdout, stderr }, [SHAPED])).toEqual([]);
});

test('in what check says of a policy, right or wrong', async () => {
  for (const text of [`limits: { models: { "${SHAPED}": { calls: 1 } } }`, `${SHAPED}: 1\non_exceed: ${SHAPED}`]) {
    const files = workspace(`version: 1\n${text}`);
    const { stdout, stderr } = await runCli(['check', '--policy', files.policy], {});
    expect(findings([], { stdout, stderr }, [SHAPED])).toEqual([]);
  }
});

test('in the action: no file, log, state, comment or output', async () => {
  const stand = await openStand();
  upstream = await openUpstream();
  const place = openPlace();
  const quoted = place.command.map((word) => `'${word}'`).join(' ');
  const policy = policyText(
    upstream,
    `limits: { calls: 1000, models: { "${SHAPED}": { calls: 1 } } }\nrates: { "${SHAPED}": 0 }`,
  );
  stand.writePolicy(policy.split('\n').slice(2).join('\n'));
  const result = await stand.run({ inputs: { run: `${quoted} 2>/dev/null` }, env: place.env });
  const { outputs, annotations, state, lines, summaries } = result;
  const told = JSON.stringify([outputs, annotations, state, lines, summaries, stand.github.world.comments]);
  const written = readdirSync(join(result.workspace, 'token-budget-report')).map((name) =>
    join(result.workspace, 'token-budget-report', name),
  );
  const texts = Object.fromEntries(written.map((file) => [file, readFileSync(file, 'latin1')]));
  expect(findings([place.temp], { told, ...texts }, usedIn(place.used))).toEqual([]);
  expect(stand.github.world.comments).toHaveLength(1);
});
