/** Child processes, and all that the standard library alone can show, over every Python of this machine. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { standIn, type StandIn } from './gateway.js';
import { HOOK_FOLDER, program, pythons, resultOf } from './python.js';

const CHILDREN = [
  'inherited',
  'empty_environment',
  'grandchild_of_empty_environments',
  'overwritten_environment',
  'cleared_environ',
  'asyncio_child',
  'execve',
  'execvpe',
  'execv',
  'posix_spawn',
  'system',
];

let gateway: StandIn;
beforeAll(async () => {
  gateway = await standIn();
});
beforeEach(() => {
  gateway.forget();
});
afterAll(() => gateway.close());

const found = pythons();
console.log(`Python versions of this machine: ${[...found.keys()].join(', ')}`);

it('finds at least one Python to test with', () => {
  expect(found.size).toBeGreaterThan(0);
});

describe.each([...found])('Python %s', (_version, python) => {
  function result(name: string, env: Record<string, string> = {}): Promise<unknown> {
    return resultOf({ python, args: [program('family.py'), name], hook: gateway.config({}), env });
  }

  it.each(['urllib_request', 'http_client'])('%s reaches the gateway', async (kind) => {
    const start = { python, args: [program('calls.py'), kind], hook: gateway.config({}) };
    expect(await resultOf(start)).toMatchObject({ body: { model: 'gpt-4o-mini' } });
    expect(gateway.connections).toEqual(['https api.openai.com:443']);
  });

  it.each(CHILDREN)('a child started as "%s" keeps the hook', async (name) => {
    expect(await result(name)).toBe('200');
    expect(gateway.connections).toEqual(['https api.openai.com:443']);
  });

  it.each(['spawn', 'spawn_of_cleared_environ', 'forkserver'])('workers started by %s keep the hook', async (name) => {
    expect(await result(name)).toEqual([200, 200, 200, 200]);
    expect(gateway.requests).toHaveLength(4);
  });

  it('workers forked after a call of the parent connect for themselves', async () => {
    expect(await result('fork')).toEqual([200, 200, 200, 200]);
    expect(gateway.connections).toHaveLength(5);
  });

  it('a child with variables of its own gets ours put in front of them', async () => {
    const node = `--max-old-space-size=900 --require "${HOOK_FOLDER}/../node/hook.cjs"`;
    expect(await result('environment', { NODE_OPTIONS: node })).toEqual({
      PYTHONPATH: `${HOOK_FOLDER}:/mine`,
      NODE_OPTIONS: `--require "${HOOK_FOLDER}/../node/hook.cjs" --no-warnings`,
      MINE: '1',
    });
  });
});
