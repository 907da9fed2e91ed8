import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { childEnvironment, hookFilesIn } from '../../src/hook/env.js';

const config = { port: 4711, secret: 'a'.repeat(64), tls: ['api.openai.com'], plain: [] };
const files = hookFilesIn('/opt/token-budget/hook');

test("the hooks stand in front of the user's own options, which stay", () => {
  const env = childEnvironment(
    { NODE_OPTIONS: '--max-old-space-size=512', PYTHONPATH: '/my/lib', HOME: '/h' },
    config,
    files,
  );
  expect(env.NODE_OPTIONS).toBe('--require "/opt/token-budget/hook/preload.cjs" --max-old-space-size=512');
  expect(env.PYTHONPATH).toBe(`/opt/token-budget/hook/python${delimiter}/my/lib`);
  expect(env.HOME).toBe('/h');
  expect(JSON.parse(env.TOKEN_BUDGET_HOOK ?? '')).toEqual(config);
});

test('credentials that only actions get do not reach the command', () => {
  const runner = {
    'INPUT_GITHUB-TOKEN': 't',
    STATE_x: 's',
    ACTIONS_RUNTIME_TOKEN: 'r',
    ACTIONS_RUNTIME_URL: 'u',
    ACTIONS_RESULTS_URL: 'u',
    ACTIONS_CACHE_URL: 'u',
  };
  const env = childEnvironment({ ...runner, GITHUB_SHA: 'abc', ACTIONS_STEP_DEBUG: 'true' }, config, files);
  expect(Object.keys(env).sort()).toEqual([
    'ACTIONS_STEP_DEBUG',
    'GITHUB_SHA',
    'NODE_OPTIONS',
    'PYTHONPATH',
    'TOKEN_BUDGET_HOOK',
  ]);
});

test.each(['with space', 'with "quotes"', 'back\\slash'])('Node preloads from a directory named %s', (name) => {
  const directory = join(mkdtempSync(join(tmpdir(), 'tb-env-')), name);
  mkdirSync(directory);
  writeFileSync(join(directory, 'preload.cjs'), 'process.stdout.write("preloaded ")');
  const env = childEnvironment({ PATH: process.env.PATH }, config, hookFilesIn(directory));
  const printed = execFileSync(process.execPath, ['-e', 'process.stdout.write("run")'], { env, encoding: 'utf8' });
  expect(printed).toBe('preloaded run');
});
