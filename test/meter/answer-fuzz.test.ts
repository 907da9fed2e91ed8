import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import type { DialectName } from '../../src/domain/call.js';
import { usageOf } from '../../src/domain/usage.js';
import { type AnswerMeter, UnreadableStream } from '../../src/meter/answer.js';
import { jsonAnswer } from '../../src/meter/json-answer.js';
import { streamAnswer } from '../../src/meter/stream-answer.js';
import { answerText } from '../../src/meter/answer-text.js';
import { DIALECTS } from '../../src/meter/dialects/index.js';
import { JSON_ARRAY, JSON_LINES, SERVER_SENT_EVENTS } from '../../src/meter/framing.js';
import { bytesOf, cutAt, ENCODERS, STREAMS } from './streams.js';
import { said, sample } from '../support/sample.js';

const ANSWERS = sample(20_000);

const NAMES = Object.keys(DIALECTS) as DialectName[];
const BODIES = NAMES.flatMap((name) => {
  const cases = JSON.parse(readFileSync(`test/fixtures/bodies/${name}.json`, 'utf8')) as { body: unknown }[];
  return cases.map(({ body }) => Buffer.from(JSON.stringify(body)));
});
const RECORDED = STREAMS.map(({ name }) => bytesOf(name));

/** What takes the place of a number: wrong types, negative, huge, not finite. */
const ODD = fc.constantFrom(
  '-1',
  '1e400',
  '-1e400',
  '9007199254740993',
  '1e16',
  '"7"',
  'null',
  '[]',
  '{}',
  '0.5',
  'true',
  '',
  '-0',
);
const PLACE = fc.double({ min: 0, max: 1, noNaN: true });

type Damage = (bytes: Buffer) => Buffer;
const DAMAGE: fc.Arbitrary<Damage> = fc.oneof(
  fc.constant((bytes: Buffer) => bytes),
  PLACE.map(
    (place): Damage =>
      (bytes) =>
        bytes.subarray(0, Math.floor(place * bytes.length)),
  ),
  fc.tuple(PLACE, fc.uint8Array({ maxLength: 6 })).map(
    ([place, noise]): Damage =>
      (bytes) =>
        Buffer.concat([
          bytes.subarray(0, place * bytes.length),
          noise,
          bytes.subarray(place * bytes.length + noise.length),
        ]),
  ),
  fc.tuple(ODD, fc.nat(12)).map(([odd, which]): Damage => (bytes) => {
    let seen = 0;
    return Buffer.from(
      bytes
        .toString()
        .replace(
          /(?<=(?:tokens|[tT]okenCount|count|units|seconds|processed|cost|ticks|choices|candidates|usage|usageMetadata|model|modelVersion)":)[^,}]+/g,
          (old) => (seen++ % (which + 1) === which ? odd : old),
        ),
    );
  }),
  fc.uint8Array({ maxLength: 200 }).map(
    (noise): Damage =>
      () =>
        Buffer.from(noise),
  ),
  fc.json().map(
    (text): Damage =>
      () =>
        Buffer.from(text),
  ),
  fc.json().map(
    (text): Damage =>
      () =>
        Buffer.from(`data: ${text}\n\ndata: [DONE]\n\n`),
  ),
);

const CASE = fc.record({
  bytes: fc.constantFrom(...BODIES, ...RECORDED),
  damages: fc.array(DAMAGE, { minLength: 1, maxLength: 3 }),
  dialect: fc.constantFrom(...NAMES),
  streamed: fc.boolean(),
  framing: fc.constantFrom(SERVER_SENT_EVENTS, JSON_LINES, JSON_ARRAY),
  strip: fc.boolean(),
  encoding: fc.oneof(
    { weight: 6, arbitrary: fc.constant('identity') },
    fc.constantFrom('gzip', 'deflate', 'br', 'zstd', 'odd'),
  ),
  encoded: fc.boolean(),
  cuts: fc.array(PLACE, { maxLength: 4 }),
});

async function run(meter: AnswerMeter, chunks: readonly Buffer[]): Promise<Buffer> {
  const passed: Buffer[] = [];
  for (const chunk of chunks) passed.push(...(await meter.push(chunk)));
  return Buffer.concat([...passed, ...(await meter.end())]);
}

function checkCounts(meter: AnswerMeter): void {
  const { usage } = meter.reported ?? {};
  if (!usage) return;
  // Whatever the answer says, it is as `usageOf` would have it.
  expect(usageOf(usage)).toEqual(usage);
  expect(usage.cacheRead + usage.cacheWrite).toBeLessThanOrEqual(usage.input);
  expect(usage.reasoning).toBeLessThanOrEqual(usage.output);
}

const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);

beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => void process.off('unhandledRejection', note));

describe(`${said(ANSWERS)} malformed answers and streams`, () => {
  it('never throw, never give a count that is none, never count the text of what is not whole', async () => {
    await fc.assert(
      fc.asyncProperty(CASE, async ({ bytes, damages, dialect, streamed, framing, strip, encoding, encoded, cuts }) => {
        const damaged = damages.reduce((now, damage) => damage(now), bytes);
        const sent = encoded ? (ENCODERS[encoding]?.(damaged) ?? damaged) : damaged;
        const format = DIALECTS[dialect];
        const meter = streamed ? streamAnswer(format, encoding, strip, framing) : jsonAnswer(format, encoding);
        const result = await run(meter, cutAt(sent, cuts)).catch((error: unknown) => error);
        if (Buffer.isBuffer(result)) expect(streamed && strip ? true : result.equals(sent)).toBe(true);
        // The one failure: nothing of a stream to be stripped can be passed on once it cannot be decoded.
        else expect(streamed && strip && encoding !== 'identity' && result instanceof UnreadableStream).toBe(true);
        checkCounts(meter);
        const texts = meter.texts();
        if (!meter.done) expect(texts).toBeUndefined();
        if (texts) expect(typeof answerText(texts)).toBe('string');
      }),
      { numRuns: ANSWERS, seed: 10 },
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  });

  it('hold for an answer nested without end', async () => {
    const deep = `{"choices":${'[{"content":'.repeat(60_000)}"x"${'}]'.repeat(60_000)}}`;
    const meter = jsonAnswer(DIALECTS['openai-chat'], '');
    await run(meter, [Buffer.from(deep)]);
    expect(answerText(meter.texts() ?? [])).toBe('x');
    expect(() =>
      DIALECTS['openai-chat'].read(JSON.parse(`{"messages":${deep}}`) as Record<string, unknown>, ''),
    ).not.toThrow();
  });
});
