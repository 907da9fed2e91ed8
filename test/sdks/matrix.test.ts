/**
 * Every official SDK, through the hook and without a change to its code: what the report counts is what the provider
 * says, and a refused call is one attempt with the SDK's own error. docs/sdks.md is written from these runs.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { runUnder } from '../e2e/harness.js';
import { venvPython } from '../hook/python/venv.js';
import { startUpstream, type Upstream } from '../support/upstream.js';
import { NODE_ROWS, PYTHON_ROWS, type Row } from './rows.js';
import { tableOf, versionOfNode, versionOfPython, type Shown } from './table.js';
import { wires } from './wires.js';

const HERE = import.meta.dirname;
const ROOT = join(HERE, '..', '..');
/** The newest SDKs want a newer Node than the one that these tests may run on. */
const NODE = join(ROOT, 'test/runtimes/node_modules/node24/bin/node');
const TABLE = join(ROOT, 'docs/sdks.md');

const HOSTS = [
  'api.openai.com',
  'api.anthropic.com',
  'generativelanguage.googleapis.com',
  'api.mistral.ai',
  'api.cohere.com',
  'bedrock-runtime.us-east-1.amazonaws.com',
  'api.groq.com',
  'api.together.ai',
  'api.together.xyz',
  'openrouter.ai',
  'api.x.ai',
];

let upstream: Upstream | undefined;
afterEach(() => upstream?.close());

const shown = new Map<string, Shown>();

describe.each(NODE_ROWS)('$sdk over $over ($program) on Node', (row) => {
  const command = [NODE, join(HERE, 'node/run.mjs'), row.program];
  test('is metered to the token, whole and streamed, and refused in one attempt', async () => {
    const counted = await meteredThenRefused(row, command);
    shown.set(`Node ${row.program}`, { row, language: 'Node', version: versionOfNode(row), ...counted });
  });
});

describe.each(PYTHON_ROWS)('$sdk over $over ($program, $set) in Python', (row) => {
  test('is metered to the token, whole and streamed, and refused in one attempt', async () => {
    const python = await venvPython(row.set);
    const command = [python, join(HERE, 'python/run.py'), row.program];
    const counted = await meteredThenRefused(row, command);
    const version = await versionOfPython(python, row);
    shown.set(`Python ${row.program} ${row.set}`, { row, language: 'Python', version, ...counted });
  });
});

afterAll(() => {
  if (shown.size < NODE_ROWS.length + PYTHON_ROWS.length) return;
  const table = tableOf([...shown.values()]);
  if (process.env.UPDATE_TABLE !== undefined) writeFileSync(TABLE, table);
  expect(readFileSync(TABLE, 'utf8'), 'docs/sdks.md: run this test with UPDATE_TABLE=1').toBe(table);
});

function policy(origin: string, limits: string): string {
  const hosts = HOSTS.map((host) => `  ${host}: { forward_to: "${origin}" }`);
  const local = `  "127.0.0.1:11434": { forward_to: "${origin}", provider: ollama }`;
  return [`version: 1`, `upstreams:`, ...hosts, local, `rates: { llama3.2: 0 }`, limits].join('\n');
}

/** Every answer states another usage, so that no two sums agree by chance. */
async function provider(): Promise<Upstream> {
  let i = 0;
  upstream = await startUpstream({ wires, usage: () => ({ input: 101 + 7 * (i += 1), output: 23 + 3 * i }) });
  return upstream;
}

interface Line {
  readonly text?: string;
  readonly error?: string;
  readonly message?: string;
  readonly status?: number | string;
}

const linesOf = (stdout: string): Line[] =>
  stdout
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);

/** Its calls twice in one process: the limit has room for the first round, and for nothing of the second. */
async function meteredThenRefused(row: Row, command: readonly string[]) {
  const { origin, billed, seen } = await provider();
  const run = await runUnder(policy(origin, `limits: { calls: ${row.calls}, tokens: 1M, cost_usd: 100 }`), command);
  const lines = linesOf(run.stdout);
  expect(lines.slice(0, row.calls), run.stderr).toEqual(Array.from({ length: row.calls }, () => ({ text: 'Paris.' })));
  const { calls, refused, input_tokens, output_tokens } = run.report.totals;
  expect({ calls, refused, input: input_tokens, output: output_tokens }).toEqual({ refused: row.calls, ...billed });
  const answered = run.report.calls.filter(({ outcome }) => outcome !== 'refused');
  expect(answered.map((call) => call.usage_source)).toEqual(Array.from({ length: row.calls }, () => 'reported'));
  expect(run.report.unpriced).toEqual([]);
  const errors = lines.slice(row.calls);
  expect(errors, run.stderr).toHaveLength(row.calls);
  for (const { message } of errors) expect(message).toMatch(/token-budget/);
  expect(seen).toHaveLength(row.calls);
  expect(run.status).toBe(3);
  const [first] = answered;
  return {
    calls,
    input: input_tokens,
    output: output_tokens,
    dialect: first?.dialect ?? '',
    provider: first?.provider ?? '',
    refusal: [...new Set(errors.map(({ error }) => error ?? ''))].join(', '),
  };
}
