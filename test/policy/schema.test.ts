import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { KNOWN_KEYS, schemaErrors } from '../../src/generated/policy-validator.generated.js';
import { fixture } from './policies.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const schema: unknown = JSON.parse(readFileSync(join(ROOT, 'schema/token-budget.schema.json'), 'utf8'));

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every field: what stands under `properties` or `definitions`, by its place in the schema. */
function fieldsOf(node: unknown, place = ''): readonly (readonly [string, Json])[] {
  if (!isObject(node)) return [];
  return Object.entries(node).flatMap(([keyword, value]) => {
    const inner = `${place}/${keyword}`;
    const own = ['properties', 'definitions'].includes(keyword) && isObject(value) ? Object.entries(value) : [];
    const found = own.flatMap(([name, field]) => (isObject(field) ? [[`${inner}/${name}`, field] as const] : []));
    const below = found.length > 0 ? found.flatMap(([at, field]) => fieldsOf(field, at)) : fieldsOf(value, inner);
    return [...found, ...below];
  });
}

function described(field: Json): Json {
  const name = typeof field.$ref === 'string' ? field.$ref.replace('#/definitions/', '') : undefined;
  const definitions = isObject(schema) && isObject(schema.definitions) ? schema.definitions : {};
  const target = name === undefined ? undefined : definitions[name];
  return isObject(target) ? { ...target, ...field } : field;
}

describe('the schema of a policy', () => {
  const fields = fieldsOf(schema).map(([place, field]) => [place, described(field)] as const);

  test('is valid draft-07', () => {
    const ajv = new Ajv({ allowUnionTypes: true });
    expect(ajv.validateSchema(schema as object)).toBe(true);
    expect(schema).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#' });
  });

  test('has all its fields walked', () => {
    expect(fields.length).toBeGreaterThan(40);
  });

  test.each(fields)('%s has a description and an example', (_place, field) => {
    expect(field.description).toMatch(/^.{10,}\.$/);
    expect(field.examples).not.toHaveLength(0);
  });

  test.each(fields.filter(([place]) => place.includes('/properties/')))('%s states its default', (_place, field) => {
    expect(field.description).toMatch(/[Dd]efault|required|needs|stands alone/);
  });

  test.each(fields.filter(([, field]) => field.type === 'object'))('%s allows no unknown key', (_place, field) => {
    expect(field.additionalProperties).toBeDefined();
    expect(field.additionalProperties).not.toBe(true);
  });

  test('accepts the example policies as an editor would read them', () => {
    for (const name of ['design.yml', 'full.yml']) expect(schemaErrors(parse(fixture(name)))).toEqual([]);
  });

  test('knows the keys of each map', () => {
    expect(Object.keys(KNOWN_KEYS)).toEqual([
      ...[
        'PolicyFile',
        'Limits',
        'Ceilings',
        'Rate',
        'Fees',
        'ServiceTiers',
        'Reserve',
        'JournalOptions',
        'UpstreamHost',
        'Prices',
        'Unpriced',
        'Mlflow',
      ],
    ]);
    expect(KNOWN_KEYS.Ceilings).toEqual(['tokens', 'input_tokens', 'output_tokens', 'calls', 'cost_usd']);
  });
});

describe('generated files', () => {
  const out = mkdtempSync(join(tmpdir(), 'generated-'));

  afterAll(() => {
    rmSync(out, { recursive: true });
  });

  test('equal what `npm run generate` writes', () => {
    execFileSync(process.execPath, [join(ROOT, 'scripts/generate.mjs'), '--out', out]);
    const written = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(ts|md)$/.test(path));
    expect(written.length).toBeGreaterThanOrEqual(6);
    for (const path of written)
      expect(readFileSync(join(ROOT, path), 'utf8')).toBe(readFileSync(join(out, path), 'utf8'));
  });
});
