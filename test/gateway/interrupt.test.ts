/** Under `halt`, a program whose answer still streams is told why it ends, in its format's own words. */
import Anthropic from '@anthropic-ai/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import OpenAI from 'openai';
import type { Socket } from 'node:net';
import { Latch } from '../../src/lib/one-shot-signal.js';
import { encodeMessage } from '../support/event-stream.js';
import { startGateway } from '../support/gateway.js';
import { startRaw } from '../support/raw.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n';
const CRLF = Buffer.from('\r\n');
const chunked = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const event = (data: object, name?: string) =>
  `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
const piece = (content: string) => event({ model: 'gpt-4o', choices: [{ index: 0, delta: { content } }] });
const usage = event({
  model: 'gpt-4o',
  choices: [],
  usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
});

/** A gateway before an upstream that starts a stream and waits, and the stop of the run. */
async function stopped(start: string | Buffer, head = HEAD) {
  const halted = new Latch();
  let upstreamSocket: Socket | undefined;
  const upstream = await startRaw((socket) => {
    upstreamSocket = socket;
    socket.write(Buffer.concat([Buffer.from(`${head}\r\n${start.length.toString(16)}\r\n`), Buffer.from(start), CRLF]));
  });
  const gateway = await startGateway({ origin: upstream.origin, halted });
  open.push(gateway, upstream);
  const send = (text: string) => {
    upstreamSocket?.write(text);
  };
  const halt = () => {
    halted.fire();
  };
  const end = () => {
    send('0\r\n\r\n');
  };
  return { gateway, halt, send, end };
}

const STREAM = { model: 'gpt-4o', messages: [{ role: 'user', content: 'x' }], max_tokens: 100, stream: true };
const ASKED = { ...STREAM, stream_options: { include_usage: true } };

/** More than an emitter of Node's has listeners before it warns of a leak. */
const MANY = 20;

describe('a stream of a run that is stopped', () => {
  it.each([
    ['/v1/chat/completions', 'api.openai.com', STREAM, piece('Par')],
    ['/v1/chat/completions', 'api.mistral.ai', STREAM, piece('Par')],
    [
      '/v1/responses',
      'api.openai.com',
      { model: 'gpt-4o', input: 'x', stream: true },
      event({ type: 'response.created' }),
    ],
    ['/v1/messages', 'api.anthropic.com', STREAM, event({ type: 'ping' }, 'ping')],
    [
      '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
      'generativelanguage.googleapis.com',
      { contents: [] },
      event({ candidates: [] }),
    ],
  ])('of %s at %s ends in good order with one event more, without a digit', async (path, host, body, first) => {
    const { gateway, halt, end } = await stopped(first);
    const answered = await gateway.request({ method: 'POST', path, host, body: JSON.stringify(body), onChunk: halt });
    expect(answered.complete).toBe(true);
    expect(answered.text.startsWith(first)).toBe(true);
    const rest = answered.text.slice(first.length);
    expect(rest).toMatch(/^(event: error\n)?data: \{.*token-budget: the run is being stopped.*\}(\n\n|\r\n\r\n)$/);
    // These two formats have a status code in their errors.
    if (!/mistral|google/.test(host)) expect(rest).not.toMatch(/\d/);
    end();
    await gateway.idle();
    expect(gateway.failures).toEqual([]);
  });

  it('of Bedrock ends with an exception that its event stream can hold', async () => {
    const first = encodeMessage({ event: 'messageStart', payload: { role: 'assistant' } });
    const { gateway, halt, end } = await stopped(
      first,
      HEAD.replace('text/event-stream', 'application/vnd.amazon.eventstream'),
    );
    const path = '/model/amazon.nova-lite-v1%3A0/converse-stream';
    const host = 'bedrock-runtime.us-east-1.amazonaws.com';
    const body = JSON.stringify({ messages: [], inferenceConfig: { maxTokens: 9 } });
    const answered = await gateway.request({ method: 'POST', path, host, body, onChunk: halt });
    const exception = encodeMessage({
      exception: 'validationException',
      payload: {
        message: 'token-budget: the run is being stopped at its budget. This answer was cut off. See the report',
      },
    });
    expect(answered.body.subarray(first.length).equals(exception)).toBe(true);
    end();
    await gateway.idle();
    expect(gateway.failures).toEqual([]);
  });

  it('reaches every stream under way, of which there may be many without a warning of Node', async () => {
    const warnings: Error[] = [];
    const warned = (warning: Error) => warnings.push(warning);
    process.on('warning', warned);
    const { gateway, halt } = await stopped(piece('Par'));
    let begun = 0;
    const onChunk = () => {
      begun += 1;
      if (begun === MANY) halt();
    };
    const asked = { method: 'POST', path: '/v1/chat/completions', body: JSON.stringify(ASKED), onChunk };
    const answers = await Promise.all(Array.from({ length: MANY }, () => gateway.request(asked)));
    process.off('warning', warned);
    expect(answers.filter(({ text }) => text.includes('the run is being stopped'))).toHaveLength(MANY);
    expect(warnings).toEqual([]);
  });

  it('costs what the upstream still says of it', async () => {
    const { gateway, halt, send, end } = await stopped(piece('Par'));
    const asked = { method: 'POST', path: '/v1/chat/completions', body: JSON.stringify(ASKED), onChunk: halt };
    await gateway.request(asked);
    expect(gateway.settled()).toEqual([]);
    send(chunked(`${usage}data: [DONE]\n\n`));
    end();
    await gateway.idle();
    expect(gateway.settled()).toMatchObject([{ source: 'reported', usage: { input: 9, output: 2 } }]);
  });

  it('gets the rest of the event that it had a part of', async () => {
    const whole = piece('Paris');
    const { gateway, halt, send } = await stopped(whole.slice(0, 20));
    const going = gateway.request({
      method: 'POST',
      path: '/v1/chat/completions',
      body: JSON.stringify(ASKED),
      onChunk: (chunk) => {
        halt();
        if (chunk.length === 20) send(chunked(whole.slice(20)));
      },
    });
    expect((await going).text).toMatch(/^data: \{"model".*"Paris"\}\}\]\}\n\ndata: \{"error".*\}\n\n$/);
  });

  it('is left alone where nothing readable can be added to it', async () => {
    const { gateway, halt, end } = await stopped('????', `${HEAD}content-encoding: br\r\n`);
    const asked = { method: 'POST', path: '/v1/messages', host: 'api.anthropic.com', body: JSON.stringify(STREAM) };
    const answered = await gateway.request({
      ...asked,
      onChunk: () => {
        halt();
        end();
      },
    });
    expect(answered.text).toBe('????');
  });

  it('is left alone once it is whole', async () => {
    const done = `${piece('Paris')}${usage}data: [DONE]\n\n`;
    const { gateway, halt, end } = await stopped(done);
    const asked = { method: 'POST', path: '/v1/chat/completions', body: JSON.stringify(ASKED) };
    const answered = await gateway.request({
      ...asked,
      onChunk: () => {
        halt();
        end();
      },
    });
    expect(answered.text).toBe(done);
  });
});

async function readAll<T>(stream: AsyncIterable<T>, onEach: (each: T) => void): Promise<void> {
  for await (const each of stream) onEach(each);
}

describe('the official clients raise it', () => {
  const clientOf = (port: number, header: object) => ({
    apiKey: 'k',
    baseURL: `http://127.0.0.1:${port}`,
    defaultHeaders: header as Record<string, string>,
  });

  it('OpenAI’s, for chat and for responses', async () => {
    for (const path of ['chat', 'responses']) {
      const { gateway, halt } = await stopped(path === 'chat' ? piece('Par') : event({ type: 'response.created' }));
      const client = new OpenAI(clientOf(gateway.port, gateway.routeHeader()));
      const read = async () => {
        const stream =
          path === 'chat'
            ? await client.chat.completions.create({ model: 'gpt-4o', messages: [], stream: true })
            : await client.responses.create({ model: 'gpt-4o', input: 'x', stream: true });
        await readAll<unknown>(stream, halt);
      };
      await expect(read()).rejects.toThrow('token-budget: the run is being stopped');
    }
  });

  it('Anthropic’s', async () => {
    const start = event({ type: 'message_start', message: { usage: { input_tokens: 3 } } }, 'message_start');
    const { gateway, halt } = await stopped(start);
    const client = new Anthropic(clientOf(gateway.port, gateway.routeHeader('api.anthropic.com')));
    const read = async () => {
      const stream = await client.messages.create({ model: 'm', max_tokens: 9, messages: [], stream: true });
      await readAll(stream, halt);
    };
    await expect(read()).rejects.toThrow('token-budget: the run is being stopped');
  });
});
