/** boto3 through the hook and the gateway: its signatures hold at the upstream, and a refusal is one attempt. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ACCESS_KEY, newIdentity, SECRET_KEY, startBedrock, type Bedrock } from '../../support/bedrock.js';
import { runLimit, startGateway, type TestGateway } from '../../support/gateway.js';
import { program, resultOf } from './python.js';
import { venvPython } from './venv.js';

let python = '';
let upstream: Bedrock;
let gateway: TestGateway;
let full: TestGateway;

beforeAll(async () => {
  python = await venvPython('newest');
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  upstream = await startBedrock(newIdentity());
  const upstreams = [{ host: `localhost:${upstream.port}`, provider: 'aws' }];
  gateway = await startGateway({ upstreams, limits: [runLimit('tokens', 1e9)] });
  full = await startGateway({ upstreams, limits: [runLimit('tokens', 1)] });
});
afterAll(async () => {
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  await gateway.close();
  await full.close();
  upstream.close();
});

function call(name: string, by: TestGateway): Promise<unknown> {
  const host = `localhost:${upstream.port}`;
  const hook = { port: by.port, secret: by.secret, tls: [host], plain: [] };
  const env = { AWS_ACCESS_KEY_ID: ACCESS_KEY, AWS_SECRET_ACCESS_KEY: SECRET_KEY };
  return resultOf({ python, args: [program('bedrock.py'), name, `https://${host}`], hook, env });
}

it.each(['converse', 'converse_stream', 'invoke', 'invoke_stream'])(
  'boto3 %s is metered, its signature valid at the upstream',
  async (name) => {
    const settled = gateway.settled().length;
    expect(await call(name, gateway)).toEqual({ text: 'four', output: 12 });
    expect(upstream.seen.at(-1)).toMatchObject({ signature: 'valid', version: '1.1' });
    expect(gateway.settled().slice(settled)).toMatchObject([
      { source: 'reported', usage: { input: 1530, cacheRead: 1500, output: 12 } },
    ]);
    expect(gateway.failures).toEqual([]);
  },
);

it('boto3 tries a refused call once and raises its own exception', async () => {
  const seen = upstream.seen.length;
  expect(await call('refused', full)).toEqual({
    message: expect.stringMatching(/^token-budget: /) as string,
    retries: 0,
  });
  expect(upstream.seen).toHaveLength(seen);
  expect(full.refused()).toHaveLength(1);
});
