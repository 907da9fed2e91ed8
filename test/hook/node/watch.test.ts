import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { GatewayStandIn } from './gateway.js';
import { runnerFor } from './program.js';

/** A host that is watched, at a port where something takes connections and says nothing. */
let port = 0;
const gateway = new GatewayStandIn();
const runner = runnerFor(() =>
  JSON.stringify({ ...(JSON.parse(gateway.hook()) as object), watch: [`localhost:${port}`] }),
);
let greeted = 0;
const elsewhere = createServer((socket) => {
  greeted += 1;
  socket.on('error', () => socket.destroy()).on('data', () => socket.destroy());
});

beforeAll(async () => {
  await gateway.listen();
  await new Promise<void>((resolve) => elsewhere.listen(0, 'localhost', resolve));
  port = (elsewhere.address() as AddressInfo).port;
});
afterAll(async () => {
  elsewhere.close();
  await gateway.close();
});
beforeEach(() => {
  gateway.forget();
  greeted = 0;
});

const TWICE = `import tls from 'node:tls';
for (const each of [1, 2]) await new Promise((resolve) => {
  tls.connect({ host: 'localhost', port: PORT }).on('error', () => undefined).on('close', resolve);
});`;

it('tells the gateway once of a watched host, whose connections go where they always went', async () => {
  const outcome = await runner.run(TWICE.replace('PORT', String(port)));
  expect(outcome).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(gateway.seen).toEqual([`localhost:${port}`]);
  expect(greeted).toBe(2);
  expect(gateway.strangers).toEqual([]);
});

it('says nothing of a host that nobody watches', async () => {
  await runner.run(TWICE.replace('localhost', '127.0.0.1').replace('PORT', String(port)));
  expect(gateway.seen).toEqual([]);
});
