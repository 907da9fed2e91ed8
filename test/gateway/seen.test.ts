/** What a hook says of hosts that it left alone, and what strict metering makes of what cannot be metered. */
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway, type TestGatewayOptions } from '../support/gateway.js';
import { startUpstream } from '../support/upstream.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function started(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const gateway = await startGateway(options);
  open.push(gateway);
  return gateway;
}

/** Sends a line to the gateway; resolves with what came back once the connection has ended. */
function say(port: number, line: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(line));
    socket.on('data', (chunk) => (answer += chunk.toString())).on('error', () => undefined);
    socket.on('close', () => {
      resolve(answer);
    });
  });
}

describe('a host that a hook left alone', () => {
  it('is named in a notice', async () => {
    const gateway = await started();
    expect(await say(gateway.port, `TB1 ${gateway.secret} seen API.Novita.ai:443\r\n`)).toBe('');
    expect(gateway.notices).toEqual([expect.stringMatching(/^unseen: calls to api\.novita\.ai were not metered/)]);
  });

  it.each([
    ['another secret', `${'0'.repeat(64)} seen a.example:443`],
    ['more than a host', `SECRET seen a.example/x:443`],
    ['no port', `SECRET seen a.example`],
    ['markup', `SECRET seen <b>:443`],
  ])('is not named by a line with %s', async (_, words) => {
    const gateway = await started();
    expect(await say(gateway.port, `TB1 ${words.replace('SECRET', gateway.secret)}\r\n`)).toContain('401');
    expect(gateway.notices).toEqual([]);
  });

  it('is one of at most fifty', async () => {
    const gateway = await started();
    for (let n = 0; n < 60; n += 1) await say(gateway.port, `TB1 ${gateway.secret} seen h${n}.example:443\r\n`);
    expect(gateway.notices).toHaveLength(50);
  });
});

describe('strict metering', () => {
  it.each([
    ['known', 'warn', 200, 0],
    ['strict', 'warn', 402, 1],
    ['known', 'raise', 402, 1],
    ['strict', 'raise', 402, 1],
  ] as const)(
    '%s, on_exceed %s: a request that cannot be metered gets %d',
    async (metering, onExceed, status, refused) => {
      const upstream = await startUpstream({});
      open.push(upstream);
      const gateway = await started({ origin: upstream.origin, metering, onExceed });
      const answer = await gateway.post('/v1/batches', { input_file_id: 'x' });
      expect(answer.status === 402 ? 402 : 200).toBe(status);
      expect(gateway.refused()).toHaveLength(refused);
      expect(upstream.seen).toHaveLength(1 - refused);
    },
  );
});
