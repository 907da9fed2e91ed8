import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const SRC = join(import.meta.dirname, '..', 'src');

/** What each room may import, beside itself. Data flows one way; what is not listed is forbidden. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  policy: ['domain'],
  mask: [],
  ledger: ['domain'],
  meter: ['domain', 'ledger'],
  report: ['domain'],
  hook: ['domain'],
  demo: [],
  gateway: ['domain', 'meter', 'ledger', 'hook'],
  run: ['domain', 'mask', 'meter', 'ledger', 'gateway', 'hook'],
  publish: ['domain', 'report', ''],
  commands: ['domain', 'mask', 'policy', 'meter', 'ledger', 'gateway', 'hook', 'run', 'report', 'publish', 'demo', ''],
  // The entries, and the action that they start.
  '': ['domain', 'mask', 'policy', 'meter', 'ledger', 'hook', 'run', 'report', 'publish', 'commands'],
};

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

const importsOf = (file: string) =>
  [...readFileSync(join(SRC, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    (match) => match[1] ?? '',
  );

const roomOf = (file: string) => (file.includes('/') ? (file.split('/')[0] ?? '') : '');

test('each room imports only the rooms that it may', () => {
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => relative(SRC, join(SRC, file, '..', name)))
      .filter((target) => roomOf(target) !== roomOf(file) && !MAY_IMPORT[roomOf(file)]?.includes(roomOf(target)))
      .map((target) => `${file} → ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('the payload of the Node hook imports nothing but Node itself', () => {
  const payload = files.filter((file) => file.startsWith('hook/node/'));
  const foreign = payload.flatMap((file) => importsOf(file).filter((name) => !/^(node:|\.\/|[a-z_/]+$)/.test(name)));
  expect(foreign).toEqual([]);
  expect(payload.length).toBeGreaterThan(0);
});

test('only the entries and the payloads inside the command read the process environment', () => {
  const readers = files.filter((file) => /process\.env\b/.test(readFileSync(join(SRC, file), 'utf8')));
  const entries = ['cli.ts', 'command-line.ts', 'main.ts', 'post.ts'];
  expect(readers.filter((file) => !file.startsWith('hook/node/')).sort()).toEqual(entries);
});

test('only the entries and publish know the toolkit of actions, but for its types', () => {
  const users = files.filter((file) =>
    /^import (?!type).*'@(actions|octokit)\//m.test(readFileSync(join(SRC, file), 'utf8')),
  );
  expect(users.filter((file) => !file.startsWith('publish/')).sort()).toEqual(['main.ts', 'post.ts']);
});

test('no room has a cycle of files in it', () => {
  const graph = new Map(
    files.map((file) => [
      file,
      importsOf(file)
        .filter((name) => name.startsWith('.'))
        .map((name) => relative(SRC, join(SRC, file, '..', name)).replace(/\.js$/, '.ts')),
    ]),
  );
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    else for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
  };
  for (const file of files) visit(file, []);
  expect([...new Set(cycles)]).toEqual([]);
});
