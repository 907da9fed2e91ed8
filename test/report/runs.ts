/** Journals of small runs that the report's tests share. */
import type { Entry, LimitEntry, OpenEntry, RefuseEntry, ReserveEntry, SettleEntry } from '../../src/domain/entry.js';
import { usageOf } from '../../src/domain/usage.js';

const OPENAI = { provider: 'openai', host: 'api.openai.com', dialect: 'openai-chat' } as const;
const ANTHROPIC = { provider: 'anthropic', host: 'api.anthropic.com', dialect: 'anthropic' } as const;

/** The usual policy: 50,000 tokens, $1.50, 8,192 tokens a call, and $1 for gpt-4o models. */
export const LIMITS: readonly LimitEntry[] = [
  { dimension: 'tokens', scope: 'run', ceiling: 50_000, at: 'token-budget.yml:4:11' },
  { dimension: 'cost_usd', scope: 'run', ceiling: 1_500_000_000, at: 'token-budget.yml:5:13' },
  { dimension: 'tokens', scope: 'per_call', ceiling: 8192, at: 'token-budget.yml:6:23' },
  { dimension: 'cost_usd', scope: 'models.gpt-4o*', ceiling: 1_000_000_000, at: 'token-budget.yml:7:38' },
];

export function open(changes: Partial<OpenEntry> = {}): OpenEntry {
  return {
    event: 'open',
    version: 1,
    tool: '0.1.0',
    at: '2026-11-03T10:15:00.000Z',
    policy: { file: 'token-budget.yml', hash: 'ab'.repeat(32) },
    onExceed: 'raise',
    warnAt: 0.8,
    limits: LIMITS,
    argv: ['python', 'evals/run.py', '--suite', 'smoke'],
    prices: { source: 'genai-prices', date: '2026-10-28' },
    ...changes,
  };
}

export function reserve(id: number, changes: Partial<ReserveEntry> = {}): ReserveEntry {
  return {
    event: 'reserve',
    id,
    ms: id * 100,
    ...OPENAI,
    model: 'gpt-4o',
    hold: { input: 600, output: 1000, cost: 11_500_000 },
    rate: 'table',
    ...changes,
  };
}

export function settle(id: number, changes: Partial<SettleEntry> = {}): SettleEntry {
  return {
    event: 'settle',
    id,
    ms: id * 100 + 840,
    status: 200,
    usage: usageOf({ input: 400, output: 120, cacheRead: 100 }),
    source: 'reported',
    cost: 2_200_000,
    ...changes,
  };
}

export function refuse(id: number, changes: Partial<RefuseEntry> = {}): RefuseEntry {
  return {
    event: 'refuse',
    id,
    ms: id * 100,
    ...OPENAI,
    model: 'gpt-4o',
    reason: 'exhausted',
    limit: { dimension: 'tokens', scope: 'run' },
    hold: { input: 600, output: 1000, cost: 11_500_000 },
    ...changes,
  };
}

const close = (ms: number, exitCode: number | null = 0, signal: string | null = null): Entry => ({
  event: 'close',
  ms,
  exitCode,
  signal,
});

/** So many settled calls, from this id on. */
function calls(
  from: number,
  count: number,
  begin: Partial<ReserveEntry> = {},
  end: Partial<SettleEntry> = {},
): Entry[] {
  return Array.from({ length: count }, (_, index) => index + from).flatMap((id) => [
    reserve(id, begin),
    settle(id, end),
  ]);
}

const MINI = { model: 'gpt-4o-mini', hold: { input: 600, output: 1000, cost: 690_000 } };
const MINI_END = { model: 'gpt-4o-mini-2024-07-18', usage: usageOf({ input: 500, output: 90 }), cost: 129_000 };
const CLAUDE = { ...ANTHROPIC, model: 'claude-sonnet-4-5', hold: { input: 700, output: 1024, cost: 17_460_000 } };
const CLAUDE_END = { usage: usageOf({ input: 500, output: 300, cacheWrite: 100, reasoning: 40 }), cost: 6_075_000 };

const tokensRun = { dimension: 'tokens', scope: 'run' } as const;
const costRun = { dimension: 'cost_usd', scope: 'run' } as const;

/** Runs by name; each has its golden files in test/fixtures/reports. */
export const RUNS: Readonly<Record<string, readonly Entry[]>> = {
  within: [
    open(),
    ...calls(1, 20),
    ...calls(21, 24, MINI, MINI_END),
    reserve(45),
    { event: 'void', id: 45, ms: 4700, status: 429 },
    ...calls(46, 4, { ...CLAUDE, outputBound: 1024 }, CLAUDE_END),
    close(151_240),
  ],
  exceeded: [
    open(),
    ...calls(1, 60),
    ...calls(61, 31, MINI, MINI_END),
    { event: 'notice', ms: 8600, code: 'warn_at', limit: tokensRun, text: 'tokens: 80% of the limit is used' },
    refuse(92, { reason: 'held', waited: 30_000, ms: 40_100 }),
    ...[93, 94, 95, 96, 97, 98, 99, 100].map((id) => refuse(id, { ms: 40_200 })),
    ...[101, 102].map((id) => refuse(id, { ms: 41_000, ...MINI })),
    refuse(103, {
      ms: 41_100,
      reason: 'call_too_large',
      limit: { dimension: 'tokens', scope: 'per_call' },
      hold: { input: 2400, output: 16_384, cost: 169_840_000 },
    }),
    { event: 'notice', ms: 40_100, code: 'exceeded', limit: tokensRun, text: 'tokens: a call was refused' },
    close(44_000, 1),
  ],
  warn: [
    open({ onExceed: 'warn', limits: LIMITS.slice(0, 2) }),
    ...calls(1, 110),
    { event: 'notice', ms: 9000, code: 'exceeded', limit: tokensRun, text: 'tokens: the limit was passed' },
    close(12_400),
  ],
  halted: [
    open({ onExceed: 'halt' }),
    ...calls(1, 94),
    refuse(95),
    { event: 'notice', ms: 9510, code: 'halted', text: 'the command was stopped at its budget' },
    refuse(96, { reason: 'stopped', limit: null }),
    close(9700, null, 'SIGINT'),
  ],
  'cut-short': [
    open(),
    ...calls(1, 12),
    reserve(13),
    reserve(14, CLAUDE),
    settle(13, { source: 'estimated' }),
    reserve(15),
  ],
  empty: [open(), close(420)],
  evaluated: [
    open({ limits: LIMITS.slice(0, 2) }),
    ...calls(1, 1, { ...MINI, phase: 'preflight' }, MINI_END),
    ...[2, 3, 4].flatMap((id) => [
      reserve(id, { ...MINI, phase: 'predict', row: `tr-${id}` }),
      settle(id, MINI_END),
      reserve(id + 10, { phase: 'judge', row: `tr-${id}` }),
      settle(id + 10),
    ]),
    ...calls(20, 1, MINI, { ...MINI_END, usage: usageOf({ input: 7, output: 3 }), cost: 2_850 }),
    refuse(21, { ...MINI, phase: 'predict', row: 'tr-5' }),
    refuse(22, { phase: 'judge', row: 'tr-5' }),
    {
      event: 'eval',
      ms: 3000,
      runId: '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
      rows: 4,
      failedRows: 1,
      traced: { input: 2000, output: 360 },
      judged: { input: 1200, output: 360 },
    },
    close(3100, 0),
  ],
  'unpriced-unbounded': [
    open({ limits: LIMITS.slice(0, 2) }),
    ...calls(1, 3, { model: 'my-local-llama', rate: 'none', hold: { input: 600, output: 1000, cost: 0 } }, { cost: 0 }),
    ...calls(4, 2, { model: 'o1-preview', unbounded: 'media' }, { cost: 41_000_000 }),
    ...calls(6, 1, CLAUDE, { ...CLAUDE_END, source: 'held', status: 0 }),
    { event: 'notice', ms: 700, code: 'unpriced', text: 'No price is known for my-local-llama' },
    refuse(7, { model: 'secret-finetune', reason: 'unpriced', limit: costRun }),
    refuse(8, { model: '', dialect: null, reason: 'unmetered', limit: null, hold: { input: 0, output: 0, cost: 0 } }),
    { event: 'notice', ms: 810, code: 'unmetered', text: 'POST /v1/batches at api.openai.com was refused' },
    close(2300),
  ],
  hostile: [
    open({
      argv: ['python', '-c', 'print("a|b", `x`)\n### <script>alert(1)</script> @octocat [x](https://evil.example)'],
      limits: [{ dimension: 'calls', scope: 'models.*|`@all`<!--', ceiling: 3, at: '| @x |.yml:1:1' }],
    }),
    ...calls(1, 2, {
      model: '| @octocat `` <img src=x onerror=alert(1)> \\| ](https://evil.example) \u001B[31m\u202Eoops\r\n|',
    }),
    close(600),
  ],
};
