/** How the hook tells of MLflow's runs, apart from MLflow. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SECRET } from './gateway.js';
import { resultOf, runPython } from './python.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-budget-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function start(code: string, runs = join(folder, 'runs.ndjson')) {
  const hook = { port: 1, secret: SECRET, tls: [], plain: [], mlflow: { runs, scorers: 'auto' as const } };
  return { python: 'python3', args: ['-c', code], hook, cwd: folder };
}

it('a tracking URI means the same store from any directory', async () => {
  const uris: readonly (readonly [told: string, meant: string])[] = [
    ['sqlite:///mlflow.db', `sqlite:///${folder}/mlflow.db`],
    ['sqlite:///sub/../mlflow.db?timeout=5', `sqlite:///${folder}/mlflow.db?timeout=5`],
    ['sqlite+pysqlite:///mlflow.db', `sqlite+pysqlite:///${folder}/mlflow.db`],
    ['sqlite:////data/mlflow.db', 'sqlite:////data/mlflow.db'],
    ['sqlite:///:memory:', 'sqlite:///:memory:'],
    ['./mlruns', `file://${folder}/mlruns`],
    ['my runs', `file://${folder}/my%20runs`],
    ['/data/mlruns', 'file:///data/mlruns'],
    ['file:./mlruns', `file://${folder}/mlruns`],
    ['file:///data/mlruns', 'file:///data/mlruns'],
    ['http://127.0.0.1:5000', 'http://127.0.0.1:5000'],
    ['databricks', 'databricks'],
    ['databricks://profile', 'databricks://profile'],
    ['postgresql://host/db', 'postgresql://host/db'],
  ];
  const code = [
    'import json, _token_budget_hook.mlflow_runs as runs',
    `print(json.dumps([runs.absolute(uri) for uri in ${JSON.stringify(uris.map(([told]) => told))}]))`,
  ].join('\n');
  expect(await resultOf(start(code))).toEqual(uris.map(([, meant]) => meant));
});

const TELL = `
import multiprocessing, _token_budget_hook as hook
from _token_budget_hook import mlflow_guard, mlflow_runs, patching
routes = patching.routes_of(hook.installed)
def tell(n):
    for at in range(50):
        mlflow_guard.attempt("the run was not noted", mlflow_runs.tell_eval, routes, "r%d" % n, at, 0, (1, 2), (3, 4))
children = [multiprocessing.Process(target=tell, args=[n]) for n in range(4)]
[child.start() for child in children]
[child.join() for child in children]
print("done")
`;

it('lines of several processes do not mix', async () => {
  const file = join(folder, 'runs.ndjson');
  await writeFile(file, '');
  expect(await runPython(start(TELL, file))).toEqual({ status: 0, stdout: 'done\n', stderr: '' });
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(200);
  const usage = { traced: { input_tokens: 1, output_tokens: 2 }, judged: { input_tokens: 3, output_tokens: 4 } };
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ event: 'mlflow_eval', failed_rows: 0, ...usage });
});

it('a file that can not be written is said once a process, and nothing more', async () => {
  const ended = await runPython(start(TELL, join(folder, 'none', 'runs.ndjson')));
  expect(ended).toMatchObject({ status: 0, stdout: 'done\n' });
  const said =
    'token-budget: the run was not noted (FileNotFoundError). The budget still holds, and the program goes on.';
  expect(ended.stderr.trim().split('\n')).toEqual(Array(4).fill(said));
});
