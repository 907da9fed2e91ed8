/** The Python package: its own pytest, on every Python that it supports and is here, and with a real MLflow. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { standIn, type StandIn } from '../hook/python/gateway.js';
import { HOOK_FOLDER, pythons, runPython, type Ended } from '../hook/python/python.js';
import { venvPython } from '../hook/python/venv.js';

const here = dirname(fileURLToPath(import.meta.url));
const repository = join(here, '..', '..');
const SUPPORTED = [...pythons()].filter(([version]) => version !== '3.8');

let temporary: string;
let gateway: StandIn;
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'token-budget-python-'));
  gateway = await standIn();
});
afterAll(async () => {
  await gateway.close();
  await rm(temporary, { recursive: true, force: true });
});

function pytest(python: string, folder: string): Promise<Ended> {
  const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '--basetemp', join(temporary, 'pytest')];
  return runPython({
    python,
    args: [...args, join(here, folder)],
    hook: undefined,
    env: { PYTHONPATH: HOOK_FOLDER },
    timeoutMs: 200_000,
    cwd: temporary,
  });
}

it('there is a Python to test with', () => {
  expect(SUPPORTED.length).toBeGreaterThan(0);
});

it.each(SUPPORTED)('all of it but MLflow works on Python %s', { timeout: 300_000 }, async (version, path) => {
  const ended = await pytest(await venvPython('class', { version, path }), 'without_mlflow');
  expect(ended.stdout + ended.stderr).toMatch(/\n\d+ passed in /);
  expect(ended.status).toBe(0);
});

it('it works with a real MLflow: scores, metrics, one attempt a refusal', { timeout: 300_000 }, async () => {
  const ended = await pytest(await venvPython('mlflow'), 'with_mlflow');
  expect(ended.stdout + ended.stderr).toMatch(/\n\d+ passed(, \d+ warnings?)? in /);
  expect(ended.status).toBe(0);
});

it('under the hook it is imported with no install', async () => {
  const script =
    'from token_budget import TokenBudgetEvaluator, TokenBudgetExceeded; print(TokenBudgetExceeded.__name__)';
  const ended = await runPython({ python: 'python3', args: ['-c', script], hook: gateway.config({}) });
  expect(ended).toEqual({ status: 0, stdout: 'TokenBudgetExceeded\n', stderr: '' });
});

it('pip installs the package alone from the repository, with its types, under the version of package.json', async () => {
  const python = await venvPython('class');
  const target = join(temporary, 'site');
  const install = ['-m', 'pip', 'install', '--quiet', '--no-index', '--no-deps', '--no-build-isolation'];
  const installed = await runPython({ python, args: [...install, '--target', target, repository], hook: undefined });
  expect(installed).toMatchObject({ status: 0 });

  const script = [
    'import importlib.metadata, os, token_budget',
    'folder = os.path.dirname(token_budget.__file__)',
    'print(importlib.metadata.version("token-budget"), os.path.exists(os.path.join(folder, "py.typed")))',
    'print(sorted(name for name in os.listdir(os.path.dirname(folder)) if not name.endswith(".dist-info")))',
  ].join('\n');
  const env = { PYTHONPATH: target };
  const ended = await runPython({ python, args: ['-c', script], hook: undefined, env });
  const manifest = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as { version: string };
  expect(ended.stdout).toBe(`${manifest.version} True\n['token_budget']\n`);
});
