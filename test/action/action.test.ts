import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BASE, openStand, POLICY, policyText } from './stand.js';

test('a run within its budget is green, with outputs, a summary and one comment', async () => {
  const { run, rows, github, upstream } = await openStand('limits: { tokens: 10k, cost_usd: 1 }');
  const result = await run({ inputs: { run: rows(3) } });
  expect(result.outcome).toBe('success');
  expect(result.outputs).toMatchObject({
    verdict: 'within',
    exceeded: 'false',
    'tokens-used': '450',
    'input-tokens': '300',
    'output-tokens': '150',
    'tokens-remaining': '9550',
    calls: '3',
    'refused-calls': '0',
    'cost-usd': '0.00225',
    'command-exit-code': '0',
  });
  expect(upstream.billed.calls).toBe(3);
  const [comment, ...others] = github.world.comments;
  expect(others).toEqual([]);
  expect(result.outputs['comment-id']).toBe(String(comment?.id));
  expect(comment?.body).toContain('Within budget: 450 of 10,000 tokens · $0.00225 of $1.00 · 3 calls');
  expect(comment?.body).toContain(result.outputs['comment-body']);
  // There is no earlier run yet, which the comment says plainly and the log in full.
  expect(comment?.body).toContain('No baseline yet');
  expect(result.lines.join('\n')).toContain('No baseline from main yet');
  expect(result.summaries[0]).toContain('Within budget');
  const files = [result.outputs['report-path'], result.outputs['html-report-path']].map((file) =>
    readFileSync(file ?? '', 'utf8'),
  );
  expect(JSON.parse(files[0] ?? '')).toMatchObject({ verdict: 'within' });
  expect(files[1]).toContain('<!doctype html>');
});

test('an exceeded budget fails the step although the command ended with 0, and marks the limit in the policy', async () => {
  const { run, rows, github } = await openStand('limits:\n  calls: 2');
  const result = await run({ inputs: { run: rows(4) } });
  expect(result.outcome).toBe('failure');
  expect(result.outputs).toMatchObject({
    verdict: 'exceeded',
    calls: '2',
    'refused-calls': '2',
    'command-exit-code': '0',
  });
  const annotation = result.annotations.find(({ file }) => file === POLICY);
  expect(annotation).toMatchObject({ level: 'error', file: POLICY, line: 4 });
  expect(
    result.annotations.some(({ level, message }) => level === 'error' && message.startsWith('Stopped at the budget')),
  ).toBe(true);
  expect(github.world.comments[0]?.body).toContain('❌ Stopped at the budget');
});

test('warn stays green and says so in the comment', async () => {
  const { run, rows, github } = await openStand('limits: { calls: 2 }\non_exceed: warn');
  const result = await run({ inputs: { run: rows(4) } });
  expect(result.outcome).toBe('success');
  expect(result.outputs).toMatchObject({ verdict: 'exceeded', exceeded: 'true', calls: '4' });
  expect(github.world.comments[0]?.body).toMatch(/over budget/i);
});

test("the command's own failure fails the step, keeps its status, and loses no report", async () => {
  const { run, rows, github } = await openStand();
  const result = await run({ inputs: { run: `${rows(2)}; exit 7` } });
  expect(result.outcome).toBe('failure');
  expect(result.outputs).toMatchObject({ verdict: 'within', 'command-exit-code': '7', calls: '2' });
  expect(result.summaries[0]).toContain('2 calls');
  expect(github.world.comments[0]?.body).toContain('2 calls');
  expect(readFileSync(result.outputs['html-report-path'] ?? '', 'utf8')).toContain('status 7');
});

test('inputs override the file: a ceiling, the mode, the command', async () => {
  const { run, rows, upstream } = await openStand('run: exit 9\nlimits: { calls: 100 }');
  const result = await run({ inputs: { run: rows(3), 'max-calls': '1', 'on-exceed': 'warn' } });
  expect(result.outcome).toBe('success');
  expect(result.outputs.verdict).toBe('exceeded');
  expect(upstream.billed.calls).toBe(3);
});

test('a policy can be given inline, and ceilings among the inputs are policy enough', async () => {
  const { run, rows, upstream } = await openStand();
  const inline = await run({ inputs: { run: rows(2), 'policy-inline': policyText(upstream, 'limits: { calls: 1 }') } });
  expect(inline.outputs).toMatchObject({ calls: '1', 'refused-calls': '1' });
});

test('the second run on a pull request updates the comment and tells the difference to the first', async () => {
  const { run, rows, github } = await openStand();
  await run({ inputs: { run: rows(2) }, runId: 100 });
  await run({ inputs: { run: rows(4) }, runId: 101 });
  expect(github.world.comments).toHaveLength(1);
  const body = github.world.comments[0]?.body ?? '';
  expect(body).toContain('600 of 10,000 tokens');
  expect(body).toContain('+300');
  expect(body).toContain('previous run');
});

test('the jobs of a matrix each keep a comment of their own', async () => {
  const { run, rows, github } = await openStand();
  for (const model of ['small', 'large', 'small']) await run({ inputs: { run: rows(1) }, matrix: { model } });
  expect(github.world.comments).toHaveLength(2);
});

test.each(['push', 'schedule', 'workflow_dispatch', 'merge_group', 'workflow_run'] as const)(
  'the event %s has no pull request, and the run is green all the same',
  async (event) => {
    const { run, rows, github } = await openStand();
    const result = await run({ inputs: { run: rows(1) }, event });
    expect(result.outcome).toBe('success');
    expect(github.world.comments).toEqual([]);
    expect(result.summaries[0]).toContain('Within budget');
    expect(result.outputs['comment-body']).toContain('Within budget');
  },
);

test('a run that a comment on a pull request started answers there', async () => {
  const { run, rows, github } = await openStand();
  const result = await run({ inputs: { run: rows(1) }, event: 'issue_comment' });
  expect(result.outcome).toBe('success');
  expect(github.world.comments.map(({ issue }) => issue)).toEqual([12]);
});

test('the input pr-number names the pull request where the event does not', async () => {
  const { run, rows, github } = await openStand();
  await run({ inputs: { run: rows(1), 'pr-number': '12' }, event: 'workflow_dispatch' });
  expect(github.world.comments.map(({ issue }) => issue)).toEqual([12]);
});

test('keys and the gateway’s secret are masked when the command prints its environment', async () => {
  const { run } = await openStand();
  const key = 'sk-canary-0123456789abcdef';
  const result = await run({ inputs: { run: 'env' }, env: { OPENAI_API_KEY: key } });
  const log = result.lines.join('\n');
  expect(log).toContain('OPENAI_API_KEY=***');
  expect(log).toContain('TOKEN_BUDGET_HOOK=');
  expect(log).not.toContain(key);
  expect(log).not.toMatch(/"secret":"[0-9a-f]{64}"/);
});

test('on a fork nothing is written, the verdict stands, and the body is an output', async () => {
  const { run, rows, github } = await openStand('limits: { calls: 1 }');
  github.world.permissions.pull_requests = 'read';
  const green = await run({ inputs: { run: rows(1) }, event: 'pull_request.fork' });
  expect(green.outcome).toBe('success');
  expect(green.lines.join('\n')).toContain('from forks');
  expect(green.outputs['comment-body']).toContain('Within budget');
  const red = await run({ inputs: { run: rows(2) }, event: 'pull_request.fork' });
  expect(red.outcome).toBe('failure');
  expect(github.world.comments).toEqual([]);
});

test('a token without the permission is one warning that names it, unless publishing is required', async () => {
  const { run, rows, github } = await openStand();
  github.world.permissions.pull_requests = 'read';
  const lenient = await run({ inputs: { run: rows(1) } });
  expect(lenient.outcome).toBe('success');
  expect(lenient.annotations.filter(({ message }) => message.includes('pull-requests: write'))).toHaveLength(1);
  const strict = await run({ inputs: { run: rows(1), publish: 'required' } });
  expect(strict.outcome).toBe('failure');
  expect(strict.outputs.verdict).toBe('within');
});

test.each([
  ['off', 'always', 0],
  ['update', 'on-exceed', 0],
  ['update', 'on-failure', 0],
  ['update', 'on-change', 1],
])('comment: %s and comment-when: %s leave %d comments after a green run', async (comment, when, count) => {
  const { run, rows, github } = await openStand();
  await run({ inputs: { run: rows(1), comment, 'comment-when': when } });
  expect(github.world.comments).toHaveLength(count);
});

test('a bad policy fails before anything is run, each problem at its place', async () => {
  const { run, writePolicy, upstream } = await openStand();
  writePolicy('limits: { tokns: 5 }\non_exceed: explode');
  const result = await run({ inputs: { run: 'touch started' } });
  expect(result.outcome).toBe('failure');
  expect(result.annotations.filter(({ file }) => file === POLICY).map(({ line }) => line)).toEqual([3, 4]);
  expect(upstream.billed.calls).toBe(0);
});

test('the command can neither forge outputs, nor give workflow commands, nor see what only actions get', async () => {
  const { run } = await openStand();
  const script = [
    'echo "verdict=within-forged" >> "$GITHUB_OUTPUT"',
    'echo "EVIL=1" >> "$GITHUB_ENV"; echo "/evil" >> "$GITHUB_PATH"; echo forged >> "$GITHUB_STEP_SUMMARY"',
    'echo "::set-output name=exceeded::forged"; echo "::error::forged"; echo "::add-mask::within"',
    'env | grep -E "^(INPUT_|STATE_|ACTIONS_RUNTIME_)" && exit 9 || true',
  ].join('\n');
  const env = { ACTIONS_RUNTIME_TOKEN: 'runtime', ACTIONS_RESULTS_URL: 'u' };
  const result = await run({ inputs: { run: script }, env });
  expect(result.outcome).toBe('success');
  expect(result.outputs).toMatchObject({ verdict: 'within', exceeded: 'false' });
  expect(result.env).toEqual({});
  expect(result.path).toEqual([]);
  expect(result.summaries[0]).not.toContain('forged');
  expect(result.annotations.filter(({ message }) => message.includes('forged'))).toEqual([]);
  expect(result.masks).not.toContain('within');
});

test('a pull request that raises its limit is told, and under policy-source base the base’s limit holds', async () => {
  const { run, rows, github, upstream } = await openStand('limits: { calls: 10 }');
  github.world.files.set(`${POLICY}@${BASE}`, policyText(upstream, 'limits: { calls: 2 }'));
  const head = await run({ inputs: { run: rows(4) } });
  expect(head.outcome).toBe('success');
  expect(github.world.comments[0]?.body).toContain('`calls` 2 → 10');
  const held = await run({ inputs: { run: rows(4), 'policy-source': 'base' } });
  expect(held.outcome).toBe('failure');
  expect(held.outputs).toMatchObject({ calls: '2', 'refused-calls': '2' });
});

test('a cancelled run ends within five seconds, with its outputs and summary written and its command gone', async () => {
  const { run, rows, github } = await openStand();
  const result = await run({ inputs: { run: rows(10_000) }, cancel: { upon: /row 3 ok/ } });
  expect(result.outcome).toBe('cancelled');
  expect(result.main.cancelledForMs).toBeLessThan(5_000);
  expect(result.main.sent).toEqual(['SIGINT']);
  expect(result.main.orphans).toEqual([]);
  expect(Number(result.outputs.calls)).toBeGreaterThanOrEqual(3);
  expect(result.summaries[0]).toContain('calls');
  expect(github.world.comments.length).toBeLessThanOrEqual(1);
});

test('a cancelled run whose GitHub does not answer has its outputs and summary within five seconds all the same', async () => {
  const { run, rows, github } = await openStand();
  for (const operation of ['issues/list-comments', 'actions/list-workflow-runs']) {
    github.fail({ operation, kind: 'hang' });
  }
  // The end of the step's processes comes five seconds after the cancellation here, in place of ten.
  const cancel = { upon: /row 3 ok/, termAfterMs: 4_000, killAfterMs: 1_000 };
  const result = await run({ inputs: { run: rows(10_000) }, cancel });
  expect(result.outcome).toBe('cancelled');
  expect(Number(result.outputs.calls)).toBeGreaterThanOrEqual(3);
  expect(result.outputs['comment-body']).toContain('calls');
  expect(result.summaries[0]).toContain('calls');
  expect(result.main.orphans).toEqual([]);
});

test('when main is killed outright, post publishes what was spent from the journal', async () => {
  const { run, rows, github, upstream } = await openStand();
  const result = await run({ inputs: { run: rows(10_000) }, kill: { upon: /row 3 ok/ } });
  expect(result.main.signal).toBe('SIGKILL');
  expect(result.summaries[1]).toMatch(/tokens/);
  expect(github.world.comments).toHaveLength(1);
  expect(github.world.comments[0]?.body).toMatch(/cut short/i);
  expect(upstream.billed.calls).toBeGreaterThanOrEqual(3);
});
