/** Mocking libraries see a call before the hook takes it: a mocked test sends nothing, an unmatched call is metered. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayStandIn } from './gateway.js';
import { CLIENTS, nodeBinaries, runnerFor } from './program.js';
import { ProxyStandIn } from './proxy.js';

const gateway = new GatewayStandIn();
const runner = runnerFor(() => gateway.hook());

beforeAll(async () => {
  await gateway.listen();
});
afterAll(() => gateway.close());
beforeEach(() => {
  gateway.forget();
});

/** Functions that GET a path of the provider and return the answer's word. */
const CALLS = {
  fetch: `const call = async (path) => (await (await fetch('https://api.openai.com' + path)).json()).answer;`,
  'https.request': `import https from 'node:https';
    const call = (path) => new Promise((resolve, reject) => https.get('https://api.openai.com' + path, async (r) => {
      let text = ''; for await (const part of r) text += part; resolve(JSON.parse(text).answer);
    }).on('error', reject));`,
  axios: `import axios from 'axios';
    const call = async (path) => (await axios.get('https://api.openai.com' + path)).data.answer;`,
  'undici request': `import { request } from 'undici';
    const call = async (path) => (await (await request('https://api.openai.com' + path)).body.json()).answer;`,
};

/** Each mocks `/mocked` and lets all else pass. */
const MOCKS = {
  ...Object.fromEntries(
    ['nock14', 'nock'].map((name) => [
      name,
      `import nock from '${name}';
       nock('https://api.openai.com', { allowUnmocked: true }).get('/mocked').times(2).reply(200, { answer: 'mocked' });`,
    ]),
  ),
  ...Object.fromEntries(
    ['msw2', 'msw'].map((name) => [
      name,
      `import { http, HttpResponse } from '${name}'; import { setupServer } from '${name}/node';
       const handler = http.get('https://api.openai.com/mocked', () => HttpResponse.json({ answer: 'mocked' }));
       setupServer(handler).listen({ onUnhandledRequest: 'bypass' });`,
    ]),
  ),
};

const MAIN = `console.log(await call('/mocked'), await call('/open'), await call('/mocked'), await call('/open'));`;

/** The newest versions ask for Node 22, and only nock's newest sees the clients of undici's own package at all. */
function supported(mock: string, call: string, major: number): boolean {
  if (call === 'undici request' && mock !== 'nock') return false;
  return major >= 22 || (mock !== 'nock' && mock !== 'msw');
}

const CASES = nodeBinaries().flatMap(({ name, major, node }) =>
  Object.entries(MOCKS).flatMap(([mock, setUp]) =>
    Object.entries(CALLS)
      .filter(([call]) => supported(mock, call, major))
      .map(([call, client]) => ({ node, name, mock, call, program: `${setUp}\n${client}\n${MAIN}` })),
  ),
);

describe('mocks', () => {
  it.each(CASES)('stay mocked and pass the rest on to the gateway: $mock, $call, $name', async ({ program, node }) => {
    const outcome = await runner.run(program, { node, cwd: CLIENTS });
    expect(outcome).toMatchObject({ status: 0, stdout: 'mocked four mocked four' });
    expect(gateway.arrivals.map(({ route, url }) => [route, url])).toEqual([
      ['https api.openai.com:443', '/open'],
      ['https api.openai.com:443', '/open'],
    ]);
  });
  it("stay mocked and pass the rest on to the gateway: undici's MockAgent", async () => {
    const program = `import { MockAgent, setGlobalDispatcher, fetch } from 'undici';
      const agent = new MockAgent(); agent.enableNetConnect(); setGlobalDispatcher(agent);
      agent.get('https://api.openai.com').intercept({ path: '/mocked' }).reply(200, { answer: 'mocked' }).times(2);
      const call = async (path) => (await (await fetch('https://api.openai.com' + path)).json()).answer; ${MAIN}`;
    expect(await runner.run(program, { cwd: CLIENTS })).toMatchObject({ stdout: 'mocked four mocked four' });
    expect(gateway.arrivals.map(({ url }) => url)).toEqual(['/open', '/open']);
  });

  it('stay mocked within the tunnel of a proxy, and the rest still goes to the gateway', async () => {
    const proxy = await new ProxyStandIn().listen();
    const program = `import nock from 'nock'; import https from 'node:https';
      import { HttpsProxyAgent } from 'https-proxy-agent';
      nock('https://api.openai.com', { allowUnmocked: true }).get('/mocked').reply(200, { answer: 'mocked' });
      const agent = new HttpsProxyAgent('${proxy.url}');
      const call = (path) => new Promise((resolve) => https.get('https://api.openai.com' + path, { agent }, async (r) => {
        let text = ''; for await (const part of r) text += part; resolve(JSON.parse(text).answer);
      }));
      console.log(await call('/mocked'), await call('/open')); process.exit();`;
    const { node } = nodeBinaries().find(({ major }) => major >= 22) ?? nodeBinaries()[0] ?? {};
    const outcome = await runner.run(program, { cwd: CLIENTS, ...(node !== undefined && { node }) });
    await proxy.close();
    expect(outcome).toMatchObject({ stdout: 'mocked four', stderr: '' });
    expect(gateway.routes).toEqual(['https api.openai.com:443']);
    expect(proxy.tunnelled).toBe(0);
  });

  it('do not hide a call by refusing the network: an unmocked call fails as nock says', async () => {
    const program = `import nock from 'nock14'; nock.disableNetConnect(); ${CALLS['https.request']}
      console.log(await call('/open').catch((error) => error.code));`;
    expect(await runner.run(program, { cwd: CLIENTS })).toMatchObject({ stdout: 'ENETUNREACH' });
    expect(gateway.routes).toEqual([]);
  });

  it('are told from observers, which watch connect and mock nothing', async () => {
    const program = `import net from 'node:net'; const seen = [];
      const { connect } = net.Socket.prototype;
      net.Socket.prototype.connect = function (...args) { seen.push(this.constructor.name); return connect.apply(this, args); };
      ${CALLS.fetch} console.log(await call('/open'), seen.join());`;
    expect(await runner.run(program)).toEqual({ status: 0, stdout: 'four TLSSocket', stderr: '' });
    expect(gateway.routes).toEqual(['https api.openai.com:443']);
  });

  it('may be put on and taken off again', async () => {
    const program = `import nock from 'nock14'; ${CALLS['https.request']}
      nock('https://api.openai.com').get('/mocked').reply(200, { answer: 'mocked' });
      const first = await call('/mocked'); nock.restore(); console.log(first, await call('/open'));`;
    expect(await runner.run(program, { cwd: CLIENTS })).toEqual({ status: 0, stdout: 'mocked four', stderr: '' });
  });
});
