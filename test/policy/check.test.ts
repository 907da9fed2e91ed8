import { describe, expect, test } from 'vitest';
import type { RateCard } from '../../src/domain/rate.js';
import { describePolicy } from '../../src/policy/check.js';
import { loadPolicy } from '../../src/policy/load.js';
import { fixture, policyOf } from './policies.js';

const CARD: RateCard = {
  ...{ input: 2_000_000, output: 8_000_000, cacheRead: 500_000, cacheWrite: 2_000_000, cacheWrite1h: 2_000_000 },
  tiers: [
    {
      ...{ above: 200_000, input: 4_000_000, output: 16_000_000 },
      ...{ cacheRead: 1_000_000, cacheWrite: 4_000_000, cacheWrite1h: 4_000_000 },
    },
  ],
  source: 'table',
};

describe('a policy as `check` prints it', () => {
  test('is a page of aligned tables', async () => {
    const { policy } = loadPolicy(fixture('full.yml'), 'token-budget.yml');
    const text = describePolicy(policy, (model) => (model === 'gpt-4.1' ? CARD : undefined));
    await expect(`${text}\n`).toMatchFileSnapshot('../fixtures/policies/full.check.txt');
  });

  test('says plainly what is not set', async () => {
    const text = describePolicy(policyOf(''), () => undefined);
    await expect(`${text}\n`).toMatchFileSnapshot('../fixtures/policies/least.check.txt');
  });

  test('says what happens to a model without a rate', () => {
    const limits = 'limits: { models: { mystery: { cost_usd: 1 } } }';
    expect(describePolicy(policyOf(limits), () => undefined)).toMatch(/mystery .*refused under a cost limit/);
    const warned = describePolicy(policyOf(`${limits}\nunpriced: warn`), () => undefined);
    expect(warned).toMatch(/mystery .*counts as 0 USD/);
  });

  test('asks for rates only of models that the limits name exactly', () => {
    const asked: string[] = [];
    describePolicy(
      policyOf('limits: { models: { "a*": {calls: 1}, b: {calls: 1, tokens: 9k}, c: {calls: 1} } }\nrates: { c: 0 }'),
      (model) => {
        asked.push(model);
        return undefined;
      },
    );
    expect(asked).toEqual(['b']);
  });

  test('shows what a model costs beside text, and whose price a deployment has', () => {
    const text = describePolicy(
      policyOf(
        'rates: { m: { input: 4, output: 16, audio_input: 32, image_output: 8, fees: { search: 0.01 }, service_tiers: { flex: 0.5 } } }\n' +
          'upstreams: { a.b: { models: { mine: gpt-4o } } }',
      ),
      () => undefined,
    );
    expect(text).toMatch(/^ {4}audio +32\.00 +32\.00$/m);
    expect(text).toMatch(/^ {4}images +8\.00$/m);
    expect(text).toMatch(/^ {4}0\.01 USD per search$/m);
    expect(text).toMatch(/^ {4}flex ×0\.5$/m);
    expect(text).toMatch(/^ {4}mine at a\.b is priced as gpt-4o$/m);
  });

  test('shows limits of rows and providers, lowered bounds and a synced journal', () => {
    const limits = 'limits: { per_row: { tokens: 5k }, providers: { openai: { cost_usd: 1 } } }';
    const text = describePolicy(
      policyOf(`${limits}\nreserve: { clamp: true }\njournal: { fsync: true }`),
      () => undefined,
    );
    expect(text).toMatch(/^ {2}per_row +tokens +5,000 +p\.yml:2:30$/m);
    expect(text).toMatch(/^ {2}providers\.openai +cost_usd +1\.00 USD +p\.yml:2:69$/m);
    expect(text).toMatch(/^ {2}Clamp +a call that does not fit is sent with a lower output limit/m);
    expect(text).toMatch(/^ {2}Journal +synced to disk/m);
  });

  test('hands no control character to the terminal', () => {
    const text = describePolicy(policyOf('run: "a\\e[31mb"'), () => undefined);
    expect(text).not.toContain('\u001b');
  });
});
