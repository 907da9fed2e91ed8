// In loops over every cut, Node's own assertions: vitest's take longer than the metering.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { UnreadableStream } from '../../src/meter/answer.js';
import { jsonAnswer } from '../../src/meter/json-answer.js';
import { DIALECTS } from '../../src/meter/dialects/index.js';
import { bytesOf, cutAt, ENCODERS, everyCut, framingOf, meterStream, STREAMS } from './streams.js';
import { LONG } from '../support/sample.js';

const PAIRS = STREAMS.flatMap(({ name, without }) => (without === undefined ? [] : [{ name, without }]));
const CUTS = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

describe('a stream', () => {
  it.each(STREAMS)('tells the same wherever it is cut, and passes on unchanged: $name', async (stream) => {
    const bytes = bytesOf(stream.name);
    for (const chunks of everyCut(bytes)) {
      const { usage, done, passed } = await meterStream(stream.dialect, chunks, { framing: framingOf(stream) });
      assert.deepEqual({ usage, done }, { usage: stream.expect, done: stream.done });
      assert(passed.equals(bytes));
    }
  });

  it.each(['gzip', 'br'])('tells the same in %s wherever it is cut', async (encoding) => {
    for (const stream of STREAMS) {
      const { name, dialect, expect: usage, done } = stream;
      const framing = framingOf(stream);
      const bytes = ENCODERS[encoding]?.(bytesOf(name)) ?? Buffer.alloc(0);
      const runs = [...everyCut(bytes, LONG ? 1 : 5)].map((chunks) =>
        meterStream(dialect, chunks, { encoding, framing }),
      );
      for (const metered of await Promise.all(runs)) {
        assert.deepEqual({ name, usage: metered.usage, done: metered.done }, { name, usage, done });
        assert(metered.passed.equals(bytes));
      }
    }
  });

  it.each(Object.keys(ENCODERS))('tells the same in random chunks: %s', async (encoding) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...STREAMS), CUTS, async (stream, cuts) => {
        const { name, dialect, expect: usage, done } = stream;
        const bytes = ENCODERS[encoding]?.(bytesOf(name)) ?? Buffer.alloc(0);
        const metered = await meterStream(dialect, cutAt(bytes, cuts), { encoding, framing: framingOf(stream) });
        expect({ usage: metered.usage, done: metered.done }).toEqual({ usage, done });
        expect(metered.passed.equals(bytes)).toBe(true);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('keeps its text where it ended in good order without usage, and only there', async () => {
    for (const stream of STREAMS) {
      const { name, dialect, expect: usage, done } = stream;
      const { texts } = await meterStream(dialect, [bytesOf(name)], { framing: framingOf(stream) });
      if (usage === null) expect({ name, whole: texts !== undefined }).toEqual({ name, whole: done });
    }
  });

  it('keeps no text of which a part could not be read', async () => {
    const bytes = Buffer.from('data: {"choices":[{"delta":{"content":"a"}}]}\n\ndata: {"cho\n\ndata: [DONE]\n\n');
    const { done, texts } = await meterStream('openai-chat', [bytes]);
    expect({ done, texts }).toEqual({ done: true, texts: undefined });
  });

  it('passes on unread what is not in its encoding', async () => {
    const bytes = bytesOf('chat-asked');
    const { usage, done, passed, texts } = await meterStream('openai-chat', [bytes, bytes], { encoding: 'gzip' });
    expect({ usage, done, texts }).toEqual({ usage: null, done: false, texts: undefined });
    expect(passed.equals(Buffer.concat([bytes, bytes]))).toBe(true);
  });
});

describe('a stream whose usage was asked for on the client’s behalf', () => {
  it.each(PAIRS)('reaches the client as if it had not been, wherever it is cut: $name', async ({ name, without }) => {
    const expected = bytesOf(without);
    for (const chunks of everyCut(bytesOf(name))) {
      const { passed } = await meterStream('openai-chat', chunks, { strip: true });
      assert.equal(passed.toString(), expected.toString());
      assert(passed.equals(expected));
    }
  });

  it.each(['gzip', 'br'])('reaches the client decoded and stripped: %s', async (encoding) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PAIRS), CUTS, async ({ name, without }, cuts) => {
        const bytes = ENCODERS[encoding]?.(bytesOf(name)) ?? Buffer.alloc(0);
        const { passed } = await meterStream('openai-chat', cutAt(bytes, cuts), { encoding, strip: true });
        expect(passed.equals(bytesOf(without))).toBe(true);
      }),
      { numRuns: 200, seed: 2 },
    );
  });

  it('passes on all that a server sends of its own accord', async () => {
    const plain = STREAMS.filter(({ dialect, name }) => dialect === 'openai-chat' && name.includes('plain'));
    for (const { name } of plain) {
      const { passed } = await meterStream('openai-chat', [bytesOf(name)], { strip: true });
      expect(passed.equals(bytesOf(name))).toBe(true);
    }
  });

  it('keeps an error that comes with usage', async () => {
    const bytes = Buffer.from('data: {"error":{"message":"late"},"usage":{"prompt_tokens":1}}\n\n');
    const { passed } = await meterStream('openai-chat', [bytes], { strip: true });
    expect(passed.equals(bytes)).toBe(true);
  });

  it('keeps bytes that are no UTF-8', async () => {
    const [head, tail] = ['data: {"choices":[{"delta":{"content":"', '"}}]'].map((text) => Buffer.from(text));
    const odd = Buffer.from([0xff, 0xc3, 0x28]);
    const asked = Buffer.concat([head ?? odd, odd, tail ?? odd, Buffer.from(',"usage":null}\n\n')]);
    const plain = Buffer.concat([head ?? odd, odd, tail ?? odd, Buffer.from('}\n\n')]);
    const { passed } = await meterStream('openai-chat', [asked], { strip: true });
    expect(passed.equals(plain)).toBe(true);
  });

  it('fails where it cannot be decoded, rather than ending as if it were whole', async () => {
    const bytes = gzipSync(bytesOf('chat-asked')).fill(0, 40, 60);
    await expect(meterStream('openai-chat', [bytes], { encoding: 'gzip', strip: true })).rejects.toThrow(
      UnreadableStream,
    );
  });
});

describe('a whole answer', () => {
  const body = Buffer.from('\uFEFF{"model":"m","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2}}');

  it.each(Object.keys(ENCODERS))('is read and passed on unchanged wherever it is cut: %s', async (encoding) => {
    const bytes = ENCODERS[encoding]?.(body) ?? body;
    for (const chunks of everyCut(bytes)) {
      const meter = jsonAnswer(DIALECTS['openai-chat'], encoding);
      const passed: Buffer[] = [];
      for (const chunk of chunks) passed.push(...(await meter.push(chunk)));
      expect(meter.done).toBe(false);
      passed.push(...(await meter.end()));
      expect(meter.reported?.usage).toMatchObject({ input: 5, output: 2 });
      expect(Buffer.concat(passed).equals(bytes)).toBe(true);
    }
  });

  it('keeps its last chunk back until its usage is known', async () => {
    const meter = jsonAnswer(DIALECTS['openai-chat'], '');
    expect(await meter.push(body.subarray(0, 9))).toEqual([]);
    expect(await meter.push(body.subarray(9))).toEqual([body.subarray(0, 9)]);
    expect(await meter.end()).toEqual([body.subarray(9)]);
    expect(await meter.end()).toEqual([]);
  });

  it('is not known where it breaks off', async () => {
    for (const [encoding, cut] of [
      ['gzip', 1],
      ['gzip', 30],
      ['identity', 1],
      ['br', 3],
    ] as const) {
      const bytes = ENCODERS[encoding]?.(body) ?? body;
      const meter = jsonAnswer(DIALECTS['openai-chat'], encoding);
      await meter.push(bytes.subarray(0, -cut));
      await meter.end();
      expect({ encoding, cut, reported: meter.reported, texts: meter.texts() }).toEqual({ encoding, cut });
    }
  });
});
