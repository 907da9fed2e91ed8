// Writes every generated source file from what it is made of. Each step returns its files as `path → text`, so that
// a test can write them elsewhere and compare. Usage: node scripts/generate.mjs [--out DIR]
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Ajv from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { compile } from 'json-schema-to-typescript';
import { parse } from 'yaml';
import { compilePrices } from './prices.mjs';
import { inputsTable, outputsTable, policyReference, withPart } from './reference.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const POLICY_SCHEMA = 'schema/token-budget.schema.json';

/** In order; add a step by adding a function that returns the files it makes. */
const STEPS = [
  () => typesOf(POLICY_SCHEMA, 'src/generated/policy.generated.ts'),
  () => validatorOf(POLICY_SCHEMA, 'src/generated/policy-validator.generated.ts'),
  () => typesOf('schema/report.schema.json', 'src/generated/report.generated.ts'),
  () => ({ 'src/generated/prices.generated.ts': compilePrices() }),
  policyPage,
  actionPage,
];

function generatedFrom(schemaPath) {
  return `Generated from ${schemaPath} by scripts/generate.mjs; run \`npm run generate\` after a change there.`;
}

async function typesOf(schemaPath, target) {
  const schema = await readSchema(schemaPath);
  return {
    [target]: await compile(schema, schema.title, {
      cwd: ROOT,
      additionalProperties: false,
      bannerComment: `// ${generatedFrom(schemaPath)}`,
      style: { singleQuote: true },
    }),
  };
}

/** The validator as plain code, and the keys that each kind of map may hold, for suggestions. */
async function validatorOf(schemaPath, target) {
  const schema = await readSchema(schemaPath);
  // Without `examples` and prose the embedded schema stays small; definitions become shared functions.
  const bare = withoutNotes(schema);
  const options = { allErrors: true, allowUnionTypes: true, inlineRefs: false, messages: false };
  const ajv = new Ajv.default({ ...options, code: { source: true, esm: true, lines: true } });
  const code = standaloneCode.default(ajv, ajv.compile(bare));
  // An ES module has no `require`: a keyword that needs ajv at run time (minLength, uniqueItems) must not be used.
  if (/\brequire\(/.test(code)) throw new Error(`${schemaPath}: a keyword needs ajv at run time`);
  const own = code.replace(/^"use strict";/, '').replace(/^export (const validate|default) .*$/gm, '');
  const entry = /^export const validate = (\w+);/m.exec(code)?.[1];
  if (entry === undefined) throw new Error(`${schemaPath}: ajv's output has no entry point`);
  const text = [
    '// @ts-nocheck because what ajv writes is untyped; its two exports are declared in full.',
    `// ${generatedFrom(schemaPath)}`,
    "import type { ErrorObject } from 'ajv';",
    own.trim(),
    `export const KNOWN_KEYS: Readonly<Record<string, readonly string[]>> = ${JSON.stringify(knownKeys(schema), null, 2)};`,
    '/** All that the schema finds wrong, in no particular order; empty where the data is a PolicyFile. */',
    'export function schemaErrors(data: unknown): readonly ErrorObject[] {',
    `  return ${entry}(data) ? [] : ${entry}.errors;`,
    '}',
    '',
  ].join('\n');
  return { [target]: text };
}

/** The policy's page with every field of the schema in it. */
async function policyPage() {
  const fields = policyReference(await readSchema(POLICY_SCHEMA));
  return { 'docs/policy.md': withPart(await readText('docs/policy.md'), 'fields', fields) };
}

/** The action's page with the inputs and outputs of action.yml in it. */
async function actionPage() {
  const action = parse(await readText('action.yml'));
  const page = withPart(await readText('docs/action.md'), 'inputs', inputsTable(action));
  return { 'docs/action.md': withPart(page, 'outputs', outputsTable(action)) };
}

function knownKeys(schema) {
  const titled = [schema, ...Object.values(schema.definitions)].filter((one) => one.title !== undefined);
  return Object.fromEntries(titled.map((one) => [one.title, Object.keys(one.properties)]));
}

const NOTES = new Set(['title', 'description', 'examples', 'default']);

/** The schema without its prose; what stands under `properties` and `definitions` are names, not keywords. */
function withoutNotes(schema) {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema;
  const kept = Object.entries(schema).filter(([keyword]) => !NOTES.has(keyword));
  return Object.fromEntries(
    kept.map(([keyword, value]) => [keyword, isNames(keyword) ? mapValues(value, withoutNotes) : withoutNotes(value)]),
  );
}

function isNames(keyword) {
  return keyword === 'properties' || keyword === 'definitions';
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

async function readSchema(path) {
  return JSON.parse(await readText(path));
}

function readText(path) {
  return readFile(join(ROOT, path), 'utf8');
}

async function main() {
  const { values } = parseArgs({ options: { out: { type: 'string', default: ROOT } } });
  for (const step of STEPS) {
    for (const [path, text] of Object.entries(await step())) {
      const target = resolve(values.out, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text);
      console.log(path);
    }
  }
}

await main();
