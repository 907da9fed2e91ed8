import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Document } from 'yaml';
import type { Policy } from '../../src/domain/policy.js';
import { policyChanges } from '../../src/policy/changes.js';
import { loadPolicy } from '../../src/policy/load.js';

const policy = (rest: string): Policy => loadPolicy(`version: 1\n${rest}`, 'token-budget.yml').policy;
const told = (base: string, head: string) =>
  policyChanges(policy(base), policy(head)).map(({ name, from, to, loosens }) => [name, from, to, loosens]);

test('a pull request that raises, lowers, adds or drops ceilings is told by each of them, what it loosens first', () => {
  expect(
    told(
      'limits: { tokens: 100, per_call: { tokens: 50 }, models: { "gpt-*": { calls: 5 } } }',
      'limits: { tokens: 200, calls: 9, models: { "gpt-*": { calls: 4 } } }',
    ),
  ).toEqual([
    ['tokens', '100', '200', true],
    ['per_call.tokens', '50', undefined, true],
    ['models.gpt-*.calls', '5', '4', false],
    ['calls', undefined, '9', false],
  ]);
});

test.each([
  ['a free model', '', 'rates: { "*": 0 }', ['rates.*', undefined, 'input 0.00, output 0.00', true]],
  [
    'a lower rate',
    'rates: { gpt-4o: { input: 2.5, output: 10, cache_read: 1 } }',
    'rates: { gpt-4o: { input: 2.5, output: 9, cache_read: 1 } }',
    ['rates.gpt-4o', 'input 2.50, output 10.00, cache_read 1.00', 'input 2.50, output 9.00, cache_read 1.00', true],
  ],
  [
    'a higher rate',
    'rates: { x: { input: 1, output: 2 } }',
    'rates: { x: { input: 1, output: 3 } }',
    ['rates.x', 'input 1.00, output 2.00', 'input 1.00, output 3.00', false],
  ],
  ['a flat rate', 'cost_per_1k_tokens: 0.03', '', ['rates.*', 'input 30.00, output 30.00', undefined, true]],
  [
    'a tier',
    'rates: { x: { input: 1, output: 2, service_tiers: { priority: 2 } } }',
    'rates: { x: { input: 1, output: 2, service_tiers: { priority: 1 } } }',
    ['rates.x', 'input 1.00, output 2.00, priority ×2', 'input 1.00, output 2.00, priority ×1', true],
  ],
  ['a mode', 'on_exceed: halt', 'on_exceed: warn', ['on_exceed', 'halt', 'warn', true]],
  ['a stricter mode', '', 'on_exceed: halt', ['on_exceed', 'raise', 'halt', false]],
  ['unpriced models', '', 'unpriced: warn', ['unpriced', 'refuse', 'warn', true]],
  ['unmetered calls', 'metering: strict', '', ['metering', 'strict', 'known', true]],
  ['the hands that hold the keys', 'keys: gateway', '', ['keys', 'gateway', 'command', true]],
  ['the warning line', '', 'warn_at: 95%', ['warn_at', '0.8', '0.95', true]],
  ['the disk', 'journal: { fsync: true }', '', ['journal.fsync', 'true', 'false', true]],
  ['a wait', '', 'reserve: { wait: 2m }', ['reserve.wait', '30 s', '120 s', true]],
  ['the command', 'run: a', 'run: [b, c]', ['run', 'a', 'b c', false]],
  [
    'whose prices apply',
    'upstreams: { api.openai.com: {} }',
    'upstreams: { api.openai.com: { provider: ollama, key_variable: K, models: { a: b } } }',
    ['upstreams.api.openai.com', '{  }', '{ provider: ollama, models: { a: b }, key_variable: K }', true],
  ],
])('%s is told with old and new', (_what, base, head, change) => {
  expect(told(base, head)).toEqual([change]);
});

test('another spelling of the same, another order and comments are no change', () => {
  expect(
    told(
      'limits: { tokens: 50_000, cost_usd: 1.50 } # why\nreserve: { wait: 30s }\nrates: { a: 0, b: 0 }',
      'rates: { b: 0, a: 0 }\nreserve: {}\nlimits:\n  cost_usd: 1.5\n  tokens: 50k',
    ),
  ).toEqual([]);
});

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly dependencies?: Readonly<Record<string, unknown>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const SCHEMA = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'schema', 'token-budget.schema.json'), 'utf8'),
) as Schema;

const resolved = (schema: Schema): Schema => {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : { ...resolved(SCHEMA.definitions?.[name] ?? {}), ...schema };
};

interface Leaf {
  readonly path: readonly string[];
  /** Values that the schema itself gives. */
  readonly values: readonly unknown[];
  /** Paths of what must stand beside it, or beside what it is in, by the schema. */
  readonly beside: readonly (readonly string[])[];
}

/** Every field of the schema that holds a value of its own. */
function leaves(given: Schema, path: readonly string[], beside: Leaf['beside']): Leaf[] {
  const schema = resolved(given);
  const own = [...(schema.enum ?? []), ...(schema.examples ?? []), ...('default' in schema ? [schema.default] : [])];
  const plain = own.filter((value) => typeof value !== 'object' || Array.isArray(value));
  const values = plain.flatMap((value) => (typeof value === 'number' ? [value, value * 3, value / 2] : [value]));
  const here = values.length > 0 && path.length > 0 ? [{ path, values, beside }] : [];
  const needs = (key: string) =>
    [schema.dependencies?.[key] ?? []].flat().flatMap((each) => (typeof each === 'string' ? [[...path, each]] : []));
  const below = Object.entries(schema.properties ?? {}).flatMap(([key, each]) =>
    leaves(each, [...path, key], [...beside, ...needs(key)]),
  );
  const any = schema.additionalProperties ? leaves(schema.additionalProperties, [...path, 'example'], beside) : [];
  return [...here, ...below, ...any];
}

/** A policy with a value in one place, and what must stand beside it there. */
function withValue({ path, beside }: Leaf, value: unknown): Policy | undefined {
  const file = new Document({ version: 1 });
  for (const each of beside) file.setIn(each, 1);
  // A hash says of which file it is.
  if (path.at(-1) === 'sha256') file.setIn([...path.slice(0, -1), 'file'], 'prices.yml');
  if (value !== undefined) file.setIn(path, value);
  try {
    return loadPolicy(String(file), 'token-budget.yml').policy;
  } catch {
    return undefined;
  }
}

const LEAVES = leaves(SCHEMA, [], []).filter(({ path }) => path[0] !== 'version');

describe('every field of the schema', () => {
  test.each(LEAVES.map((leaf) => [leaf.path.join('.'), leaf] as const))('%s: a change of it is told', (_name, leaf) => {
    const policies = [undefined, ...leaf.values].flatMap((value) => withValue(leaf, value) ?? []);
    const changes = policies.flatMap((base) => policies.flatMap((head) => policyChanges(base, head)));
    expect(policies.length).toBeGreaterThan(1);
    expect(changes).not.toEqual([]);
  });

  test('is among them, down to the last', () => {
    expect(LEAVES.length).toBeGreaterThan(45);
    const top = new Set(LEAVES.map(({ path }) => path[0]));
    expect(Object.keys(SCHEMA.properties ?? {}).filter((key) => key !== 'version' && !top.has(key))).toEqual([]);
  });
});
