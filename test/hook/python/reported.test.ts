/** The class of the Python package under a run, which knows what providers billed; with no MLflow anywhere. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runLimit, startGateway, type TestGateway } from '../../support/gateway.js';
import { startUpstream, type Upstream } from '../../support/upstream.js';
import { program, resultOf } from './python.js';
import { venvPython } from './venv.js';

let upstream: Upstream;
let gateway: TestGateway;
beforeAll(async () => {
  upstream = await startUpstream({ delayMs: 5 });
  gateway = await startGateway({ origin: upstream.origin, limits: [runLimit('calls', 43)] });
});
afterAll(async () => {
  await gateway.close();
  upstream.close();
});

it(
  'counts what each call was billed, from any thread, and words where no provider was called',
  { timeout: 300_000 },
  async () => {
    const { port, secret } = gateway;
    const hook = { port, secret, tls: ['api.openai.com'], plain: [] };
    const python = await venvPython('newest');
    expect(await resultOf({ python, args: [program('budget_class.py')], hook, timeoutMs: 120_000 })).toEqual({
      threads: [4000, 2000, 40],
      later: [200, 100, 2],
      failed: [100, 50, 1],
      words: [3, 2, 1],
    });
    expect(upstream.billed).toEqual({ calls: 43, input: 4300, output: 2150 });
    // Each call has a name of its own, by which the gateway tells it apart.
    expect(new Set(gateway.reserved().map(({ row }) => row)).size).toBe(43);
    expect(gateway.failures).toEqual([]);
  },
);
