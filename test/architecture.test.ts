import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const SRC = join(import.meta.dirname, '..', 'src');

/** What both faces may import; neither knows the other. */
const BELOW_THE_FACES = [
  ...['run', 'mlflow', 'github', 'session', 'report', 'policy'],
  ...['meter', 'mask', 'hook', 'domain', 'lib', 'generated'],
];

/**
 * What each room may import, beside itself, from the top floor to the ground. Data flows one way: what is not listed is
 * forbidden, and no two rooms may reach each other.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  cli: BELOW_THE_FACES,
  action: BELOW_THE_FACES,
  run: [
    ...['mlflow', 'github', 'session', 'gateway', 'ledger', 'report', 'policy'],
    ...['meter', 'mask', 'hook', 'domain', 'lib', 'generated'],
  ],
  session: ['gateway', 'ledger', 'meter', 'providers', 'mask', 'hook', 'domain', 'lib'],
  gateway: ['ledger', 'meter', 'providers', 'hook', 'domain', 'lib'],
  github: ['report', 'domain', 'lib', 'generated'],
  mlflow: ['report', 'hook', 'domain', 'lib', 'generated'],
  report: ['domain', 'lib', 'generated'],
  meter: ['ledger', 'providers', 'domain', 'lib', 'generated'],
  providers: ['domain', 'lib'],
  ledger: ['domain', 'lib'],
  policy: ['domain', 'lib', 'generated'],
  mask: ['lib'],
  hook: ['domain', 'lib'],
  generated: ['domain'],
  domain: ['lib'],
  lib: [],
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
  const entries = ['action/main.ts', 'action/post.ts', 'cli/command-line.ts', 'cli/entry.ts'];
  expect(readers.filter((file) => !file.startsWith('hook/node/')).sort()).toEqual(entries);
});

test('only the entries and github know the toolkit of actions, but for its types', () => {
  const users = files.filter((file) =>
    /^import (?!type).*'@(actions|octokit)\//m.test(readFileSync(join(SRC, file), 'utf8')),
  );
  expect(users.filter((file) => !file.startsWith('github/')).sort()).toEqual(['action/main.ts', 'action/post.ts']);
});

/** The circles of a graph, each as its way round. */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const circles: string[] = [];
  const clear = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    else if (!clear.has(file)) for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    clear.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return circles;
}

test('no file imports itself, by whatever way round', () => {
  const imports = files.map((file) => {
    const own = importsOf(file).filter((name) => name.startsWith('.'));
    return [file, own.map((name) => relative(SRC, join(SRC, file, '..', name)).replace(/\.js$/, '.ts'))] as const;
  });
  expect(circlesIn(new Map(imports))).toEqual([]);
});

test.each(['token_budget', 'token_budget_hook'])('nor does a module of Python’s package %s', (name) => {
  const folder = join(SRC, 'hook', 'python', name);
  const modules = readdirSync(folder).filter((file) => file.endsWith('.py'));
  const imports = modules.map((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const from = [...text.matchAll(/^\s*from \.(\w+) import/gm)].map(([, module]) => `${module ?? ''}.py`);
    const named = [...text.matchAll(/^\s*from \. import (.+)$/gm)].flatMap(([, list = '']) => list.split(/, */));
    return [
      file,
      [...from, ...named.map((module) => `${module}.py`)].filter((each) => modules.includes(each)),
    ] as const;
  });
  expect(imports.flatMap(([, targets]) => targets).length).toBeGreaterThan(0);
  expect(circlesIn(new Map(imports))).toEqual([]);
});
