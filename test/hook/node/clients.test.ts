import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayStandIn } from './gateway.js';
import { CLIENTS, nodeBinaries, ROOT, runnerFor } from './program.js';

const gateway = new GatewayStandIn();
const runner = runnerFor(() => gateway.hook());

beforeAll(async () => {
  await gateway.listen();
});
afterAll(() => gateway.close());
beforeEach(() => {
  gateway.forget();
});

interface Client {
  readonly name: string;
  readonly program: string;
  readonly host: string;
}

const OPENAI = 'api.openai.com';
const PARAMS = `{ model: 'gpt-4o', messages: [{ role: 'user', content: '2+2' }] }`;
const CLAUDE = `{ model: 'claude-test-1', max_tokens: 9, messages: [{ role: 'user', content: '2+2' }] }`;
const POST = `{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(${PARAMS}) }`;
const CHAT = 'https://api.openai.com/v1/chat/completions';
const COLLECT = `let text = ''; for await (const part of stream) text += part.choices[0].delta.content ?? ''; console.log(text);`;

/** Every program prints the answer it read, which is "four". */
const CLIENTS_TABLE: Client[] = [
  ...['openai', 'openai4'].flatMap((sdk) => [
    {
      name: `${sdk} chat`,
      host: OPENAI,
      program: `import OpenAI from '${sdk}'; const ai = new OpenAI({ apiKey: 'k', maxRetries: 0 });
        console.log((await ai.chat.completions.create(${PARAMS})).choices[0].message.content);`,
    },
    {
      name: `${sdk} chat, streamed`,
      host: OPENAI,
      program: `import OpenAI from '${sdk}'; const ai = new OpenAI({ apiKey: 'k', maxRetries: 0 });
        const stream = await ai.chat.completions.create({ ...${PARAMS}, stream: true }); ${COLLECT}`,
    },
  ]),
  {
    name: 'openai responses',
    host: OPENAI,
    program: `import OpenAI from 'openai'; const ai = new OpenAI({ apiKey: 'k', maxRetries: 0 });
      console.log((await ai.responses.create({ model: 'gpt-4o', input: '2+2' })).output_text);`,
  },
  {
    name: 'anthropic messages',
    host: 'api.anthropic.com',
    program: `import Anthropic from '@anthropic-ai/sdk'; const ai = new Anthropic({ apiKey: 'k', maxRetries: 0 });
      console.log((await ai.messages.create(${CLAUDE})).content[0].text);`,
  },
  {
    name: 'anthropic messages, streamed',
    host: 'api.anthropic.com',
    program: `import Anthropic from '@anthropic-ai/sdk'; const ai = new Anthropic({ apiKey: 'k', maxRetries: 0 });
      console.log((await ai.messages.stream(${CLAUDE}).finalMessage()).content[0].text);`,
  },
  {
    name: 'global fetch',
    host: OPENAI,
    program: `const r = await (await fetch('${CHAT}', ${POST})).json(); console.log(r.choices[0].message.content);`,
  },
  {
    name: 'https.request',
    host: OPENAI,
    program: `import { request } from 'https';
      request('${CHAT}', { method: 'POST' }, async (r) => {
        let t = ''; for await (const c of r) t += c; console.log(JSON.parse(t).choices[0].message.content);
      }).end(JSON.stringify(${PARAMS}));`,
  },
];

const INSTALLED_TABLE: Client[] = [
  {
    name: 'undici with an Agent of its own',
    host: OPENAI,
    program: `import { request, Agent } from 'undici'; const dispatcher = new Agent({ allowH2: true });
      const { body } = await request('${CHAT}', { ...${POST}, dispatcher });
      console.log((await body.json()).choices[0].message.content); await dispatcher.close();`,
  },
  {
    name: 'node-fetch',
    host: OPENAI,
    program: `import fetch from 'node-fetch';
      console.log((await (await fetch('${CHAT}', ${POST})).json()).choices[0].message.content);`,
  },
  {
    name: 'axios',
    host: OPENAI,
    program: `import axios from 'axios';
      console.log((await axios.post('${CHAT}', ${PARAMS})).data.choices[0].message.content);`,
  },
  ...[false, true].map((http2) => ({
    name: `got${http2 ? ' with HTTP/2 allowed' : ''}`,
    host: OPENAI,
    program: `import got from 'got';
      const r = await got.post('${CHAT}', { json: ${PARAMS}, http2: ${String(http2)} }).json();
      console.log(r.choices[0].message.content);`,
  })),
];

const WITH_PLACES = [
  ...CLIENTS_TABLE.map((client) => ({ ...client, cwd: ROOT })),
  ...INSTALLED_TABLE.map((client) => ({ ...client, cwd: CLIENTS })),
];

describe.each(nodeBinaries())('on $name', ({ node }) => {
  it.each(WITH_PLACES)('reaches the gateway from $name, which reads its answer', async ({ program, host, cwd }) => {
    const outcome = await runner.run(program, { node, cwd });
    expect(outcome).toEqual({ status: 0, stdout: 'four', stderr: '' });
    expect(gateway.arrivals).toMatchObject([{ route: `https ${host}:443`, host, method: 'POST' }]);
    expect(gateway.strangers).toEqual([]);
  });
});
