/**
 * Cuts the operations that Token Budget uses out of GitHub's own OpenAPI description, for the stand-in that the tests
 * talk to. The whole description is 13 MB (385 MB as packaged), so it is installed aside and only the slice is kept:
 *
 *   npm install --prefix /tmp/openapi @octokit/openapi@23.0.2
 *   node scripts/github-api.mjs /tmp/openapi/node_modules/@octokit/openapi
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';

const TARGET = new URL('../test/support/github/openapi.json', import.meta.url);

/** Every operation that the action, or a test of it, asks of GitHub. */
const OPERATIONS = new Set([
  'actions/download-artifact',
  'actions/get-workflow-run',
  'actions/list-workflow-run-artifacts',
  'actions/list-workflow-runs',
  'git/get-commit',
  'issues/create-comment',
  'issues/delete-comment',
  'issues/get-comment',
  'issues/list-comments',
  'issues/update-comment',
  'pulls/get',
  'pulls/list',
  'repos/get',
  'repos/get-content',
  'repos/list-pull-requests-associated-with-commit',
  'users/get-authenticated',
]);

/** What is written for people: the validator reads none of it, and it is nine tenths of the text. */
const PROSE = new Set(['description', 'summary', 'example', 'examples', 'externalDocs', 'tags', 'x-github', 'title']);

/** Every error that an operation does not list has this shape. */
const ALWAYS = ['#/components/schemas/basic-error'];

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = process.argv[2];
  if (!root) throw new Error('usage: node scripts/github-api.mjs <installed @octokit/openapi>');
  const whole = JSON.parse(readFileSync(join(root, 'generated/api.github.com.json'), 'utf8'));
  const style = await resolveConfig(TARGET);
  writeFileSync(TARGET, await format(JSON.stringify(slice(whole)), { ...style, parser: 'json' }));
}

/** The description with only OPERATIONS, and the components that these refer to, directly or through others. */
export function slice(whole) {
  const paths = pathsOf(whole);
  const found = Object.values(paths).flatMap((path) => Object.values(path).map((each) => each.operationId));
  const missing = [...OPERATIONS].filter((id) => !found.includes(id));
  if (missing.length > 0) throw new Error(`not in the description: ${missing.join(', ')}`);
  return { openapi: whole.openapi, info: whole.info, paths, components: componentsOf(whole, paths) };
}

function pathsOf(whole) {
  const kept = Object.entries(whole.paths).map(([path, methods]) => [
    path,
    Object.fromEntries(Object.entries(methods).filter(([, each]) => OPERATIONS.has(each.operationId))),
  ]);
  return bare(Object.fromEntries(kept.filter(([, methods]) => Object.keys(methods).length > 0)));
}

function componentsOf(whole, paths) {
  const components = {};
  const seen = new Set();
  const open = [...ALWAYS, ...refsIn(paths)];
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    if (seen.has(ref)) continue;
    seen.add(ref);
    const [, , kind, name] = ref.split('/');
    const part = bare(whole.components[kind][name]);
    (components[kind] ??= {})[name] = part;
    open.push(...refsIn(part));
  }
  return components;
}

function refsIn(value) {
  if (typeof value !== 'object' || value === null) return [];
  const own = typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(refsIn)];
}

/** Without prose. Below `properties` every key is a name of a property, even where it is called `description`. */
function bare(value, names = false) {
  if (Array.isArray(value)) return value.map((each) => bare(each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => names || !PROSE.has(key))
      .map(([key, each]) => [key, bare(each, !names && key === 'properties')]),
  );
}
