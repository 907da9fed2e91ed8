import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BASE, openStand, POLICY, policyText } from './stand.js';

describe('the input run', () => {
  test.each([
    ['', 'false | true\necho on', '1', []],
    ['bash', 'false | true\necho on', '1', []],
    ['sh', 'false | true\necho on', '0', ['on']],
    ['python', 'import sys\nprint("on", 3 * 4)\nsys.exit(5)', '5', ['on 12']],
    ['node {0}', 'console.log("on", 3 * 4)', '0', ['on 12']],
  ])('is run by the shell "%s" as a workflow’s step would run it', async (shell, script, status, printed) => {
    const { run } = await openStand();
    const { outputs, lines } = await run({ inputs: { run: script, shell } });
    expect(outputs['command-exit-code']).toBe(status);
    expect(lines.filter((line) => line.startsWith('on'))).toEqual(printed);
  });

  test('reaches the shell as it was written, whatever is in it', async () => {
    const { run } = await openStand();
    const script = `printf '%s\\n' 'on "a" $(touch x) ; \`b\` \\ %d'`;
    const { lines, outputs } = await run({ inputs: { run: script } });
    expect(outputs['command-exit-code']).toBe('0');
    expect(lines).toContain('on "a" $(touch x) ; `b` \\ %d');
  });

  test('is not run by a shell that is neither known nor has a place for the script', async () => {
    const { run, workspace } = await openStand();
    const { outcome, annotations } = await run({ inputs: { run: 'touch started', shell: 'fish' } });
    expect(outcome).toBe('failure');
    expect(annotations.map(({ message }) => message).join()).toMatch(
      /input shell: "fish" is not one of bash, sh, python/,
    );
    expect(existsSync(join(workspace, 'started'))).toBe(false);
  });

  test('is run where working-directory says', async () => {
    const { run, workspace } = await openStand();
    mkdirSync(join(workspace, 'evals'));
    const { outcome } = await run({ inputs: { run: 'touch here', 'working-directory': 'evals' } });
    expect(outcome).toBe('success');
    expect(existsSync(join(workspace, 'evals', 'here'))).toBe(true);
  });
});

test('the report goes where report-dir says, and the outputs name its files', async () => {
  const { run, rows, workspace } = await openStand();
  const { outputs } = await run({ inputs: { run: rows(1), 'report-dir': 'out/budget' } });
  expect(outputs['report-path']).toBe(join(workspace, 'out/budget/report.json'));
  expect(outputs['html-report-path']).toBe(join(workspace, 'out/budget/report.html'));
  const names = ['report.json', 'report.md', 'report.html', 'journal.ndjson'];
  expect(names.map((name) => existsSync(join(workspace, 'out/budget', name)))).toEqual(names.map(() => true));
});

test.each([
  [{ 'max-tokens': '0.45k' }, 'tokens', '2'],
  [{ 'max-cost-usd': '0.002' }, 'cost_usd', '2'],
  [{ 'max-calls': '3' }, 'calls', '3'],
])('the input %o overrides the file’s ceiling', async (input, dimension, calls) => {
  const { run, rows } = await openStand('limits: { tokens: 1M, cost_usd: 9, calls: 99 }');
  const { outputs, outcome } = await run({ inputs: { run: rows(5), ...input } });
  expect(outputs).toMatchObject({ verdict: 'exceeded', calls });
  expect(outcome).toBe('failure');
  const report = JSON.parse(readFileSync(outputs['report-path'] ?? '', 'utf8')) as {
    limits: { at: string; dimension: string }[];
  };
  const [name] = Object.keys(input);
  expect(report.limits.find((limit) => limit.dimension === dimension)?.at).toBe(`input ${String(name)}`);
});

test('an input that has no such value is named, with the values that it takes, and nothing is run', async () => {
  const { run, workspace } = await openStand();
  const inputs = {
    run: 'touch started',
    comment: 'edit',
    'comment-when': 'never',
    publish: 'maybe',
    'pr-number': '#7',
  };
  const { outcome, annotations } = await run({ inputs });
  expect(outcome).toBe('failure');
  const words = annotations.map(({ message }) => message).join();
  for (const name of ['comment: "edit"', 'comment-when: "never"', 'publish: "maybe"', 'pr-number: "#7"']) {
    expect(words).toContain(`input ${name}`);
  }
  expect(words).toContain('update, delete-and-new, hide-and-new, new, off');
  expect(existsSync(join(workspace, 'started'))).toBe(false);
});

describe('the input comment', () => {
  test.each([
    ['update', [false]],
    ['delete-and-new', [false]],
    ['hide-and-new', [true, false]],
    ['new', [false, false]],
    ['off', []],
  ])('%s leaves comments that are hidden or not after two runs: %j', async (comment, hidden) => {
    const { run, rows, github } = await openStand();
    await run({ inputs: { run: rows(1), comment }, runId: 100 });
    await run({ inputs: { run: rows(2), comment }, runId: 101 });
    expect(github.world.comments.map(({ minimized }) => minimized)).toEqual(hidden);
  });

  test('takes its key from comment-key, so that two jobs of that key share one', async () => {
    const { run, rows, github } = await openStand();
    for (const model of ['small', 'large']) {
      await run({ inputs: { run: rows(1), 'comment-key': 'evals' }, matrix: { model }, runId: 100 });
    }
    expect(github.world.comments).toHaveLength(1);
  });
});

describe('the input comment-when', () => {
  test.each([
    ['on-exceed', 'limits: { calls: 1 }', 1],
    ['on-exceed', 'limits: { calls: 1 }\non_exceed: warn', 1],
    ['on-failure', 'limits: { calls: 1 }', 1],
    ['on-failure', 'limits: { calls: 1 }\non_exceed: warn', 0],
  ])('%s under "%s" and two calls leaves %d comments', async (when, limits, count) => {
    const { run, rows, github } = await openStand(limits);
    await run({ inputs: { run: rows(2), 'comment-when': when } });
    expect(github.world.comments).toHaveLength(count);
  });

  test('on-failure writes one where the command fails within its budget', async () => {
    const { run, github } = await openStand();
    await run({ inputs: { run: 'exit 3', 'comment-when': 'on-failure' } });
    expect(github.world.comments).toHaveLength(1);
  });

  test('on-change writes none where the numbers are those of the run before, and one where they are not', async () => {
    const { run, rows, github } = await openStand();
    const bodies: (string | undefined)[] = [];
    for (const [runId, calls] of [2, 2, 3].entries()) {
      await run({ inputs: { run: rows(calls), 'comment-when': 'on-change' }, runId: 100 + runId });
      bodies.push(github.world.comments[0]?.body);
    }
    expect(bodies[1]).toBe(bodies[0]);
    expect(bodies[2]).toContain('450 of 10,000 tokens');
    expect(github.world.comments).toHaveLength(1);
  });
});

describe('a policy of another repository', () => {
  const REMOTE = 'octo/evals/budgets/shared.yml@v1';

  test('is read from there', async () => {
    const { run, rows, github, upstream } = await openStand();
    github.world.files.set('budgets/shared.yml@v1', policyText(upstream, 'limits: { calls: 1 }'));
    const { outputs } = await run({ inputs: { run: rows(3), policy: REMOTE } });
    expect(outputs).toMatchObject({ calls: '1', 'refused-calls': '2' });
  });

  test('is not replaced by a file of that name that a pull request brings', async () => {
    const { run, rows, github, upstream, workspace } = await openStand();
    github.world.files.set('budgets/shared.yml@v1', policyText(upstream, 'limits: { calls: 1 }'));
    mkdirSync(dirname(join(workspace, REMOTE)), { recursive: true });
    writeFileSync(join(workspace, REMOTE), policyText(upstream, 'limits: { calls: 99 }'));
    expect((await run({ inputs: { run: rows(3), policy: REMOTE } })).outputs).toMatchObject({ calls: '1' });
  });

  test('that is not there fails before anything is run', async () => {
    const { run, workspace } = await openStand();
    const { outcome, annotations } = await run({ inputs: { run: 'touch started', policy: REMOTE } });
    expect(outcome).toBe('failure');
    expect(annotations.map(({ message }) => message).join()).toContain(`the policy ${REMOTE} does not exist`);
    expect(existsSync(join(workspace, 'started'))).toBe(false);
  });
});

describe('policy-source: base', () => {
  test.each([
    ['without a token', { 'github-token': '' }, 'needs a github-token'],
    [
      'with a policy-inline',
      { 'policy-inline': 'version: 1\nlimits: { calls: 9 }' },
      'a policy file in this repository',
    ],
    ['with a policy of elsewhere', { policy: 'octo/evals/p.yml@v1' }, 'a policy file in this repository'],
  ])('%s runs nothing, rather than under another policy', async (_case, inputs, words) => {
    const { run, workspace, github, upstream } = await openStand();
    github.world.files.set('p.yml@v1', policyText(upstream, 'limits: { calls: 9 }'));
    const result = await run({ inputs: { run: 'touch started', 'policy-source': 'base', ...inputs } });
    expect(result.outcome).toBe('failure');
    expect(result.annotations.map(({ message }) => message).join()).toContain(words);
    expect(existsSync(join(workspace, 'started'))).toBe(false);
  });

  test('lets a pull request be stricter than its base, and only that', async () => {
    const { run, rows, github, upstream } = await openStand('limits: { calls: 1 }\non_exceed: warn\nrates: { "*": 0 }');
    const base = policyText(upstream, 'limits: { calls: 2, cost_usd: 1 }');
    github.world.files.set(`${POLICY}@${BASE}`, base);
    const { outcome, outputs } = await run({ inputs: { run: rows(3), 'policy-source': 'base' } });
    expect(outcome).toBe('failure');
    expect(outputs).toMatchObject({ calls: '1', 'refused-calls': '2', 'cost-usd': '0.00075' });
  });

  test('holds on a comment’s event by the default branch', async () => {
    const { run, rows, github, upstream } = await openStand('limits: { calls: 9 }');
    github.world.files.set(`${POLICY}@main`, policyText(upstream, 'limits: { calls: 2 }'));
    const { outputs } = await run({ inputs: { run: rows(3), 'policy-source': 'base' }, event: 'issue_comment' });
    expect(outputs).toMatchObject({ calls: '2', 'refused-calls': '1' });
  });
});

test('what a killed run was told of its policy is in the comment that post writes', async () => {
  const { run, rows, github, upstream } = await openStand('limits: { calls: 90000 }');
  github.world.files.set(`${POLICY}@${BASE}`, policyText(upstream, 'limits: { calls: 20000 }'));
  await run({ inputs: { run: rows(10_000) }, kill: { upon: /row 3 ok/ } });
  expect(github.world.comments[0]?.body).toContain('`calls` 20,000 → 90,000');
});
