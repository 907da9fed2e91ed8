/** Names of wire formats: one constant, which the contracts, the policy and the formats themselves agree with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DIALECT_NAMES, POLICY_DIALECTS } from '../../src/domain/call.js';
import { objectAt, parseObject } from '../../src/lib/json.js';
import { loadPolicy } from '../../src/policy/load.js';

const schema = (name: string) =>
  parseObject(readFileSync(join(import.meta.dirname, '../../schema', `${name}.schema.json`), 'utf8'));

it('are those that the policy’s schema lists', () => {
  const { enum: listed } = objectAt(schema('token-budget'), 'definitions', 'upstream', 'properties', 'dialect');
  expect(listed).toEqual(POLICY_DIALECTS);
});

it('are all named by the report’s schema', () => {
  const text = JSON.stringify(schema('report'));
  expect(DIALECT_NAMES.filter((name) => !text.includes(name))).toEqual([]);
});

it.each(POLICY_DIALECTS)('mean something where a policy names them for a host: %s', (name) => {
  const text = `version: 1\nupstreams:\n  llm.example:\n    dialect: ${name}\n`;
  expect(loadPolicy(text, 'p.yml').policy.upstreams).toEqual([{ host: 'llm.example', dialect: name }]);
});
