/**
 * Many callers near a ceiling, before an upstream that bills as the provider does: OpenAI's own models by their tokenizer,
 * all others by the worst case of their rule. No limit is passed, whatever the texts, models and answers are.
 */
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { mkdtempSync } from 'node:fs';
import { build } from 'esbuild';
import { getEncoding } from 'js-tiktoken';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { bytesRuleOf, mostInput } from '../../src/meter/bytes-rule.js';
import { PROVIDERS } from '../../src/providers/index.js';
import { runLimit, startGateway } from '../support/gateway.js';
import { startUpstream, type Seen } from '../support/upstream.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

let counterFile: string;
beforeAll(async () => {
  counterFile = join(mkdtempSync(join(tmpdir(), 'counter-')), 'worker.mjs');
  const entry = join(import.meta.dirname, '..', '..', 'src', 'meter', 'counter-worker.ts');
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', outfile: counterFile });
});

const TEXTS = [
  'What is the capital of France? ',
  'भारत की राजधानी नई दिल्ली है। ',
  'ყველა ადამიანი იბადება თავისუფალი ',
  'E4 E5 NF3 NC6 BB5 A6\n\tO-O-O ',
  '👩‍👩‍👧‍👦🏳️‍🌈 ',
  '{"a":1e15,"b":[-0.0,2E-7]} ',
  '    ------    \r\n\r\n',
];
const MODELS = [
  ['api.openai.com', 'gpt-4-turbo'],
  ['api.openai.com', 'gpt-4o'],
  ['api.x.ai', 'grok-4'],
  ['api.mistral.ai', 'mistral-large-latest'],
  ['own.example', 'claude-sonnet-5'],
  ['own.example', 'anyone-7b'],
] as const;

/** The same numbers in each run (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const ENCODINGS = { 'gpt-4-turbo': getEncoding('cl100k_base'), 'gpt-4o': getEncoding('o200k_base') };

function trueInput({ body, headers }: Seen): number {
  const model = String(body.model);
  const messages = body.messages as readonly { content: string }[];
  if (model in ENCODINGS) {
    const encoding = ENCODINGS[model as keyof typeof ENCODINGS];
    return messages.reduce((sum, { content }) => sum + 4 + encoding.encode(content).length, 3);
  }
  const provider = { 'api.x.ai': 'x-ai', 'api.mistral.ai': 'mistral' }[String(headers['x-host'])] ?? 'custom';
  // What the gateway asks for on its own behalf is no input.
  const sent = JSON.stringify({ ...body, stream_options: undefined });
  return mostInput(bytesRuleOf(PROVIDERS.named(provider), model, {}), [Buffer.from(sent)], false);
}

it.each([1, 2, 3])(
  'forty callers pass no limit, in round %i',
  async (seed) => {
    const below = numbers(seed);
    const upstream = await startUpstream({
      delayMs: 5,
      usage: (seen) => {
        const most = Number(seen.body.max_tokens ?? seen.body.max_completion_tokens) * Number(seen.body.n ?? 1);
        // Never 0 beside a text: that is not believed, and counted instead.
        return { input: trueInput(seen), output: below(2) === 0 ? most : 1 + below(most) };
      },
    });
    const forwardTo = new URL(upstream.origin);
    const hosts = [...new Set(MODELS.map(([host]) => host))];
    const upstreams = hosts.map((host) => ({ host, forwardTo, ...(host === 'api.x.ai' && { provider: 'x-ai' }) }));
    const limits = [runLimit('tokens', 60_000), runLimit('output_tokens', 9_000)];
    const options = { upstreams, limits, counterFile, waitMs: 300, clamp: seed % 2 === 0 };
    const gateway = await startGateway(options);
    open.push(gateway, upstream);
    const call = async () => {
      const [host, model] = MODELS[below(MODELS.length)] ?? MODELS[0];
      const content = (TEXTS[below(TEXTS.length)] ?? '').repeat(1 + below(40));
      // Mistral states usage in its streams unasked, which this upstream does not.
      const stream = below(2) === 0 && host !== 'api.mistral.ai';
      const body = { model, max_tokens: 16 + below(400), stream, ...(below(4) === 0 && { n: 2 }) };
      const messages = [{ role: 'user', content }];
      await gateway.post('/v1/chat/completions', { ...body, messages }, { 'x-host': host }, host);
    };
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        for (let i = 0; i < 3; i += 1) await call();
      }),
    );
    await gateway.idle();
    const { settled } = gateway.ledger.snapshot();
    expect(gateway.failures).toEqual([]);
    expect(gateway.reserved().filter(({ unbounded }) => unbounded !== undefined)).toEqual([]);
    expect(gateway.notices.filter((notice) => notice.startsWith('above_hold'))).toEqual([]);
    expect(settled.output_tokens).toBe(upstream.billed.output);
    expect(settled.tokens).toBe(upstream.billed.input + upstream.billed.output);
    expect(settled.output_tokens).toBeLessThanOrEqual(9_000);
    expect(settled.tokens).toBeLessThanOrEqual(60_000);
    expect(gateway.refused().length).toBeGreaterThan(0);
  },
  60_000,
);
