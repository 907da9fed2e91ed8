import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SECRET } from './gateway.js';
import { HOOK_FOLDER, runPython } from './python.js';

const HOOK = { port: 1, secret: SECRET, tls: ['api.openai.com'], plain: [] };
const python = 'python3';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-budget-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function file(path: string, text: string): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), text);
}

describe('a configuration that can not be used', () => {
  it.each([
    ['no JSON', '{', 'not valid JSON'],
    ['an empty value', '', 'not valid JSON'],
    ['text after the value', `${JSON.stringify(HOOK)} x`, 'not valid JSON'],
    ['deep nesting', '['.repeat(100_000), 'not valid JSON'],
    ['no object', '[]', 'not a JSON object'],
    ['no port', JSON.stringify({ ...HOOK, port: undefined }), '`port`'],
    ['a port beyond the last', JSON.stringify({ ...HOOK, port: 65536 }), '`port`'],
    ['a port that is true', JSON.stringify({ ...HOOK, port: true }), '`port`'],
    ['a secret with a line end', JSON.stringify({ ...HOOK, secret: 'ab\r\n' }), '`secret`'],
    ['a number among the patterns', JSON.stringify({ ...HOOK, tls: [1] }), '`tls`'],
    ['an mlflow without a file', JSON.stringify({ ...HOOK, mlflow: { scorers: 'auto' } }), '`mlflow`'],
    ['scorers of no kind', JSON.stringify({ ...HOOK, mlflow: { runs: '/tmp/runs', scorers: 'on' } }), '`mlflow`'],
    ['no plain patterns', JSON.stringify({ ...HOOK, plain: undefined }), '`plain`'],
  ])('ends the process with status 4 and one line: %s', async (_name, hook, reason) => {
    const ended = await runPython({ python, args: ['-c', 'print("ran")'], hook });
    expect(ended).toMatchObject({ status: 4, stdout: '' });
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(ended.stderr).toContain(reason);
    expect(ended.stderr).not.toContain(SECRET);
  });
});

describe('start-up', () => {
  const modules = 'import sys; print(*sorted(m for m in sys.modules if not m.startswith("_token_budget")))';

  it('imports nothing but a C scanner that a Python without the hook does not', async () => {
    const without = await runPython({ python, args: ['-c', modules], hook: undefined });
    const under = await runPython({ python, args: ['-c', modules], hook: HOOK });
    const before = new Set(without.stdout.trim().split(' '));
    const added = under.stdout
      .trim()
      .split(' ')
      .filter((name) => !before.has(name));
    expect(added).toEqual(['_json', 'sitecustomize']);
    expect(under.stderr).toBe('');
  });

  it('without the variable does nothing but run the sitecustomize that ours hides', async () => {
    await file('sitecustomize.py', 'import sys; sys.mine = __name__');
    const code = 'import os, sys; print(sys.mine, len(sys.meta_path), os.execve.__module__)';
    const paths = `${HOOK_FOLDER}:${folder}`;
    const ended = await runPython({ python, args: ['-c', code], hook: undefined, env: { PYTHONPATH: paths } });
    const plain = await runPython({ python, args: ['-c', 'import sys; print(len(sys.meta_path))'], hook: undefined });
    expect(ended.stdout.trim()).toBe(`sitecustomize ${plain.stdout.trim()} posix`);
  });

  it('runs a shadowed sitecustomize under the hook, as the module of that name', async () => {
    await file('sitecustomize.py', 'import sys; sys.mine = __file__');
    const code = 'import sys; print(sys.mine); print(sys.modules["sitecustomize"].__file__)';
    const ended = await runPython({ python, args: ['-c', code], hook: HOOK, env: { PYTHONPATH: folder } });
    expect(ended.stdout.trim().split('\n')).toEqual([
      join(folder, 'sitecustomize.py'),
      join(folder, 'sitecustomize.py'),
    ]);
  });

  it('reports an error of a shadowed sitecustomize as Python does, and keeps the hook', async () => {
    await file('sitecustomize.py', 'raise ValueError("mine is broken")');
    const code = 'import sys; print(type(sys.meta_path[0]).__name__)';
    const ended = await runPython({ python, args: ['-c', code], hook: HOOK, env: { PYTHONPATH: folder } });
    expect(ended).toMatchObject({ status: 0, stdout: 'PatchFinder\n' });
    expect(ended.stderr).toContain('mine is broken');
  });

  it('survives a sitecustomize that looks for the next one in turn', async () => {
    await file('sitecustomize.py', 'import sys; del sys.modules["sitecustomize"]; import sitecustomize; print("once")');
    const ended = await runPython({ python, args: ['-c', 'print("ran")'], hook: HOOK, env: { PYTHONPATH: folder } });
    expect(ended).toMatchObject({ status: 0, stdout: 'once\nran\n' });
  });

  it('is not misled by modules of the program that bear the names of the hook’s files', async () => {
    for (const name of ['config', 'routes', 'finder', 'patching', 'token_budget_hook']) {
      await file(`${name}.py`, `mine = "${name}"`);
    }
    const code =
      'import config, finder, patching, routes, http.client as h; print(config.mine, h.HTTPSConnection.connect)';
    const ended = await runPython({ python, args: ['-c', code], hook: HOOK, env: { PYTHONPATH: folder } });
    expect(ended.stdout).toMatch(/^config <function HTTPSConnection\.connect/);
  });

  it('patches what a .pth file had imported before it', async () => {
    await file('early.pth', 'import http.client');
    const code = 'import http.client as h; print(h.HTTPSConnection.connect._token_budget)';
    await file('sitecustomize.py', '');
    // A folder of site-packages is where Python reads .pth files from.
    const early = `import site; site.addsitedir(${JSON.stringify(folder)}); exec(open(${JSON.stringify(
      join(HOOK_FOLDER, 'sitecustomize.py'),
    )}).read(), {"__file__": ${JSON.stringify(join(HOOK_FOLDER, 'sitecustomize.py'))}, "__name__": "sitecustomize"})`;
    const args = ['-S', '-c', `${early}; ${code}`];
    expect((await runPython({ python, args, hook: HOOK })).stdout.trim()).toBe('True');
  });
});

describe('a library that the hook does not fit', () => {
  it('raises at its import, naming itself and its version', async () => {
    await file('httpcore/__init__.py', '__version__ = "0.9.1"');
    const ended = await runPython({ python, args: ['-c', 'import httpcore'], hook: HOOK, env: { PYTHONPATH: folder } });
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain('Token Budget cannot meter calls through httpcore 0.9.1');
  });

  it('raises again for each part of it', async () => {
    await file('aiohttp/__init__.py', '__version__ = "99.0"');
    await file('aiohttp/connector.py', 'class TCPConnector: pass');
    const code = 'try:\n import aiohttp.connector\nexcept RuntimeError: pass\nimport aiohttp.connector';
    const ended = await runPython({ python, args: ['-c', code], hook: HOOK, env: { PYTHONPATH: folder } });
    expect(ended.stderr).toContain('through aiohttp 99.0');
  });
});
