/** Amazon's own client through the hook and the gateway: its signatures hold, by HTTP/2 as it comes and by HTTP/1. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCESS_KEY, newIdentity, SECRET_KEY, startBedrock, type Bedrock } from '../../support/bedrock.js';
import { runLimit, startGateway, type TestGateway } from '../../support/gateway.js';
import { CLIENTS, nodeBinaries, runnerFor } from './program.js';

let upstream: Bedrock;
let gateway: TestGateway;
let full: TestGateway;
let used: TestGateway;
const runner = runnerFor(() =>
  JSON.stringify({ port: used.port, secret: used.secret, tls: [`localhost:${upstream.port}`], plain: [] }),
);

beforeAll(async () => {
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
beforeEach(() => {
  used = gateway;
});

const MODEL = 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0';
const SIGNED = { AWS_ACCESS_KEY_ID: ACCESS_KEY, AWS_SECRET_ACCESS_KEY: SECRET_KEY };
const INPUT = `{ modelId: '${MODEL}', messages: [{ role: 'user', content: [{ text: '2+2' }] }] }`;
const RAW = `{ modelId: '${MODEL}', contentType: 'application/json',
  body: JSON.stringify({ messages: [{ role: 'user', content: [{ text: '2+2' }] }] }) }`;

/** Each prints the text of its answer and the tokens that it read there, where the client is told. */
const CALLS = {
  Converse: `const a = await client.send(new aws.ConverseCommand(${INPUT}));
    console.log(a.output.message.content[0].text, a.usage.outputTokens);`,
  ConverseStream: `const a = await client.send(new aws.ConverseStreamCommand(${INPUT})); let text = ''; let usage;
    for await (const e of a.stream) { text += e.contentBlockDelta?.delta.text ?? ''; usage ??= e.metadata?.usage; }
    console.log(text, usage.outputTokens);`,
  InvokeModel: `const a = await client.send(new aws.InvokeModelCommand(${RAW}));
    console.log(JSON.parse(new TextDecoder().decode(a.body)).output.message.content[0].text, 12);`,
  InvokeModelWithResponseStream: `const a = await client.send(new aws.InvokeModelWithResponseStreamCommand(${RAW}));
    let text = ''; let count;
    for await (const { chunk } of a.body) {
      const inner = JSON.parse(new TextDecoder().decode(chunk.bytes));
      text += inner.contentBlockDelta?.delta.text ?? '';
      count ??= inner['amazon-bedrock-invocationMetrics']?.outputTokenCount;
    }
    console.log(text, count);`,
};

const start = (version: string) => `import * as aws from '@aws-sdk/client-bedrock-runtime';
  import { NodeHttpHandler } from '@smithy/node-http-handler';
  const client = new aws.BedrockRuntimeClient({ region: 'us-east-1', endpoint: 'https://localhost:${upstream.port}',
    ${version === '1.1' ? 'requestHandler: new NodeHttpHandler(),' : ''} });`;

function run(node: string, version: string, call: string, env: Record<string, string> = SIGNED) {
  return runner.run(`${start(version)} ${call} client.destroy();`, { node, cwd: CLIENTS, env });
}

describe.each(nodeBinaries())('on $name', ({ node }) => {
  describe.each(['2.0', '1.1'])('by HTTP/%s', (version) => {
    it.each(Object.entries(CALLS))('%s is metered, its signature valid at the upstream', async (_, call) => {
      const before = { seen: upstream.seen.length, settled: gateway.settled().length };
      expect(await run(node, version, call)).toMatchObject({ status: 0, stdout: 'four 12' });
      expect(upstream.seen.slice(before.seen)).toMatchObject([
        { version, signature: 'valid', authority: `localhost:${upstream.port}` },
      ]);
      expect(gateway.settled().slice(before.settled)).toMatchObject([
        { source: 'reported', usage: { input: 1530, cacheRead: 1500, output: 12 } },
      ]);
      expect(gateway.failures).toEqual([]);
    });

    it('a signature that does not hold is told from one that does', async () => {
      const call = `try { await client.send(new aws.ConverseCommand(${INPUT})); } catch (e) { console.log(e.name); }`;
      const wrong = { ...SIGNED, AWS_SECRET_ACCESS_KEY: 'another' };
      expect((await run(node, version, call, wrong)).stdout).toBe('InvalidSignatureException');
    });

    it('a refusal is one attempt and an error that says what happened', async () => {
      used = full;
      const [seen, refused] = [upstream.seen.length, full.refused().length];
      const call = `try { await client.send(new aws.ConverseCommand(${INPUT})); }
        catch (e) { console.log(e.name, e.$metadata.attempts, e.message.startsWith('token-budget: ')); }`;
      expect((await run(node, version, call)).stdout).toBe('ServiceQuotaExceededException 1 true');
      expect(upstream.seen).toHaveLength(seen);
      expect(full.refused()).toHaveLength(refused + 1);
    });

    it('what is signed keeps its body, and what has a bearer key gets the bound that it lacks', async () => {
      const key = { AWS_BEARER_TOKEN_BEDROCK: 'bedrock-key' };
      await run(node, version, CALLS.Converse);
      await run(node, version, CALLS.Converse, key);
      expect(
        upstream.seen.slice(-2).map(({ signature, body }) => [signature, body.includes('"maxTokens":1000')]),
      ).toEqual([
        ['valid', false],
        [undefined, true],
      ]);
      const [signed, keyed] = gateway.reserved().slice(-2);
      expect([signed?.unbounded, keyed?.unbounded]).toEqual(['no output bound', undefined]);
    });
  });
});
