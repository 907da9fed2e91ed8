import { describe, expect, it } from 'vitest';
import { tableRate } from '../../src/meter/prices.js';

const NOW = new Date('2026-11-28T12:00:00Z');

/** Input and output in USD per 1M tokens. */
function priceOf(provider: string, model: string): readonly [number, number] | undefined {
  const card = tableRate(provider, model, NOW);
  return card && [card.input / 1e6, card.output / 1e6];
}

describe('names that stand for a model with a price', () => {
  it.each([
    // The newest of each maker.
    ['openai', 'gpt-6.2-astra', 8, 40],
    ['openai', 'gpt-6.2-sol-2026-11-17', 2, 10],
    ['openai', 'gpt-6.1-terra', 1, 5],
    ['anthropic', 'claude-fable-5-2-20261101', 8, 40],
    ['deepseek', 'deepseek-flash', 0.15, 0.6],
    // Aliases of the newest snapshot.
    ['mistral', 'mistral-small-latest', 0.15, 0.6],
    ['mistral', 'mistral-large-latest', 0.5, 1.5],
    ['mistral', 'devstral-latest', 0.4, 2],
    ['google', 'gemini-flash-latest', 0.75, 3.75],
    ['google', 'gemini-pro-latest', 2, 12],
    ['openai', 'gpt-4o-latest', 2.5, 10],
    ['x-ai', 'grok-4.7-latest', 2, 6],
    // Fine-tuned models, with the date of their base and without.
    ['openai', 'ft:gpt-4o:acme::abc123', 3.75, 15],
    ['openai', 'ft:gpt-4o-2024-08-06:acme:suffix:abc123', 3.75, 15],
    ['openai', 'ft:gpt-4o-mini-2024-07-18:acme::abc:ckpt-step-90', 0.3, 1.2],
    ['openai', 'ft:gpt-4.1-nano-2025-04-14:acme::abc', 0.2, 0.8],
    ['openai', 'ft:o4-mini-2025-04-16:acme::abc', 4, 16],
    ['azure', 'ft:gpt-4.1-mini:acme::abc', 0.8, 3.2],
    // Bedrock: worldwide profiles cost as the maker's own, regional ones and plain names a tenth more.
    ['aws', 'global.anthropic.claude-sonnet-5-5-v1:0', 2, 10],
    ['aws', 'us.anthropic.claude-sonnet-5-5-v1:0', 2.2, 11],
    ['aws', 'arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-fable-5-2-v1:0', 8.8, 44],
    ['aws', 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0', 0.8, 3.2],
    // Vertex.
    ['google', 'publishers/anthropic/models/claude-opus-5@20260701', 5, 25],
    ['google', 'claude-haiku-5-5@default', 0.1, 0.5],
    ['google', 'gemini-2.5-flash@001', 0.3, 2.5],
    ['google', 'meta/llama-3.3-70b-instruct-maas', 0.72, 0.72],
    // OpenRouter's suffixes, and models that its list lacks and whose maker alone serves them.
    ['openrouter', 'openai/gpt-4o:nitro', 2.5, 10],
    ['openrouter', 'openai/gpt-4o:floor', 2.5, 10],
    ['openrouter', 'openai/gpt-4o:online:nitro', 2.5, 10],
    ['openrouter', 'anthropic/claude-3.7-sonnet:thinking', 3, 15],
    ['openrouter', '~anthropic/claude-sonnet-latest', 2, 10],
    ['openrouter', 'openai/gpt-6.2-sol:nitro', 2, 10],
    ['openrouter', 'moonshotai/kimi-k2:free', 0, 0],
  ])('%s %s costs %d and %d', (provider, model, input, output) => {
    expect(priceOf(provider, model)).toEqual([input, output]);
  });

  it('have a fee and no rate where a search unit is all that is billed', () => {
    expect(tableRate('cohere', 'rerank-v3.5', NOW)?.fees).toEqual({ searchUnits: 2_000_000_000 });
    expect(tableRate('cohere', 'rerank-v4.0-pro', NOW)?.fees).toEqual({ searchUnits: 2_500_000_000 });
  });
});

describe('names that say nothing of a price', () => {
  it.each([
    ['openai', 'ft:gpt-5:acme::abc'],
    ['openai', 'ft:gpt-4o-audio-preview:acme::abc'],
    ['azure', 'our-deployment'],
    ['aws', 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc'],
    ['aws', 'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc'],
    ['openrouter', '@preset/ours'],
    ['openrouter', 'openrouter/fusion'],
    ['openrouter', 'meta-llama/llama-99:nitro'],
    ['google', 'projects/p/locations/us/endpoints/123'],
  ])('%s %s has none', (provider, model) => {
    expect(priceOf(provider, model)).toBeUndefined();
  });
});

describe('a price that is no bound', () => {
  it.each([
    ['moonshotai/kimi-k2', 'the router may choose a dearer host'],
    ['openai/gpt-oss-120b', 'the router may choose a dearer host'],
    ['openai/gpt-4o:online', 'web search by the router'],
    ['openai/gpt-4o', undefined],
    ['anthropic/claude-fable-5-2', undefined],
    ['meta-llama/llama-3.3-70b-instruct:free', undefined],
  ])('of %s at OpenRouter says why: %s', (model, varies) => {
    expect(tableRate('openrouter', model, NOW)?.varies).toBe(varies);
  });
});
