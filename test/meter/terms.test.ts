import { describe, expect, it } from 'vitest';
import { dearTermsOf, isRegional, placeTerms } from '../../src/meter/terms.js';

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
    expect(dearTermsOf(body)).toEqual(terms);
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
  expect(isRegional(geo)).toBe(regional);
});

it.each([
  ['openai', 'eu.api.openai.com', true],
  ['openai', 'api.openai.com', false],
  ['google', 'europe-west1-aiplatform.googleapis.com', true],
  ['google', 'aiplatform.googleapis.com', false],
  ['custom', 'eu.api.openai.com', false],
  ['constructor', 'us.api.openai.com', false],
])('the host of %s at %s serves within one region: %j', (provider, host, regional) => {
  expect(placeTerms(provider, host)).toEqual(regional ? { regional: true } : {});
});
