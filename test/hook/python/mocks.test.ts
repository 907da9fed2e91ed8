import { afterAll, beforeAll, expect, it } from 'vitest';
import { standIn, type StandIn } from './gateway.js';
import { program, runPython } from './python.js';
import { venvPython, type VenvName } from './venv.js';

let gateway: StandIn;
beforeAll(async () => {
  gateway = await standIn();
});
afterAll(() => gateway.close());

it.each<[VenvName, string]>([
  ['newest', '11 passed'],
  ['older', '9 passed, 2 skipped'],
])('a user’s mocked tests stay mocked, with the %s libraries: %s', async (name, outcome) => {
  const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', program('test_mocks.py')];
  const ended = await runPython({ python: await venvPython(name), args, hook: gateway.config({}) });
  expect(ended.stdout).toContain(outcome);
  expect(gateway.connections).toEqual([]);
});
