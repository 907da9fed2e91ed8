import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../src/meter/dialects/index.js';
import { askedWords, dearTermsOf, placeTerms } from '../../src/meter/service-terms.js';
import { PROVIDERS } from '../../src/providers/index.js';

describe('what a request asks for beyond the standard', () => {
  it.each([
    [{}, {}],
    [{ service_tier: 'auto' }, {}],
    [{ service_tier: 'standard_only', speed: 'standard' }, {}],
    [{ service_tier: 'flex' }, {}],
    [{ service_tier: 'priority' }, { tier: 'priority' }],
    [{ service_tier: 'SERVICE_TIER_PRIORITY' }, { tier: 'priority' }],
    [{ serviceTier: 'priority' }, { tier: 'priority' }],
    [{ serviceTier: { type: 'priority' } }, { tier: 'priority' }],
    [{ serviceTier: { type: 'default' } }, {}],
    [{ service_tier: 'priority', speed: 'fast' }, { tier: 'fast' }],
    [{ service_tier: 'brand-new' }, { tier: 'other' }],
    [{ service_tier: 'ultrafast' }, { tier: 'ultrafast' }],
    [{ model: 'anthropic/claude-opus-4.6-fast' }, { tier: 'fast' }],
    [{ model: 'gpt-5.5-priority' }, { tier: 'priority' }],
    [{ model: 'grok-4-fast' }, {}],
    [{ model: 'openai/gpt-oss-120b-fast' }, {}],
    [{ service_tier: 7, speed: {}, serviceTier: [] }, {}],
    [{ inference_geo: 'us' }, { regional: true }],
    [{ inference_geo: 'global' }, {}],
    [{ inference_geo: null }, {}],
    [{ prompt_cache_options: { mode: 'implicit', ttl: '30m' } }, {}],
    [{ prompt_cache_options: { ttl: '12h' } }, { longCache: true }],
    [{ prompt_cache_options: { ttl: 43200 } }, { longCache: true }],
    [{ prompt_cache_options: { mode: 'explicit' } }, {}],
    [{ prompt_cache_options: null }, {}],
  ])('of %j is %j', (body, terms) => {
    expect(dearTermsOf(FORMATS, body)).toEqual(terms);
  });
});

it.each([
  ['us', true],
  ['eu', true],
  ['global', false],
  [' Global ', false],
  ['not_available', false],
  ['', false],
  [undefined, false],
])('the place %j is a region: %j', (geo, regional) => {
  expect(dearTermsOf(FORMATS, { inference_geo: geo }).regional === true).toBe(regional);
});

it.each([
  ['openai', 'eu.api.openai.com', true],
  ['openai', 'api.openai.com', false],
  ['google', 'europe-west1-aiplatform.googleapis.com', true],
  ['google', 'aiplatform.eu.rep.googleapis.com', true],
  ['openai', 'us-west.api.openai.com', true],
  ['google', 'aiplatform.googleapis.com', false],
  ['custom', 'eu.api.openai.com', false],
  ['constructor', 'us.api.openai.com', false],
])('the host of %s at %s serves within one region: %j', (provider, host, regional) => {
  expect(placeTerms(PROVIDERS.named(provider), host)).toEqual(regional ? { regional: true } : {});
});

it.each([
  ['/v1/projects/p/locations/us-central1/publishers/google/models/m:generateContent', true],
  ['/v1/projects/p/locations/global/publishers/google/models/m:generateContent', false],
  ['/v1beta/models/m:generateContent', false],
])('the path %s at Google names a region: %j', (path, regional) => {
  expect(placeTerms(PROVIDERS.named('google'), 'corp.example', path)).toEqual(regional ? { regional: true } : {});
  expect(placeTerms(PROVIDERS.named('custom'), 'corp.example', path)).toEqual({});
});

it('takes the words of headers, and repeats only what is a word', () => {
  expect(dearTermsOf(FORMATS, {}, { 'x-vertex-ai-llm-shared-request-type': 'priority' })).toEqual({ tier: 'priority' });
  expect(askedWords(FORMATS, { service_tier: 'Hyper', inference_geo: 'EU' })).toEqual({ tier: 'hyper', place: 'eu' });
  expect(askedWords(FORMATS, { inference_geo: 'us' })).toEqual({ tier: undefined, place: undefined });
  expect(askedWords(FORMATS, { service_tier: 'sk-Abc123Def456Ghi789' }).tier).toBe('of another name');
});
