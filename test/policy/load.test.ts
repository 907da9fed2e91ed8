import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { loadPolicy } from '../../src/policy/load.js';
import { fixture, policyOf } from './policies.js';

const pico = (usd: number): number => Math.round(usd * 1_000_000);

describe('a policy that uses every key', () => {
  const text = fixture('full.yml');
  const { policy, warnings } = loadPolicy(text, 'full.yml');

  test('has the run as a list, a number standing for its own text', () => {
    expect(policy.run).toEqual(['node', 'evals/run.js', '--cases', '5']);
  });

  test('has its limits in the order run, per call, per row, models, providers, each with its place', () => {
    expect(policy.limits).toEqual([
      { dimension: 'output_tokens', scope: { kind: 'run' }, ceiling: 90_000, at: 'full.yml:10:18' },
      { dimension: 'calls', scope: { kind: 'run' }, ceiling: 1_000, at: 'full.yml:11:10' },
      { dimension: 'cost_usd', scope: { kind: 'call' }, ceiling: 50_000_000, at: 'full.yml:8:15' },
      { dimension: 'input_tokens', scope: { kind: 'call' }, ceiling: 6_000, at: 'full.yml:9:19' },
      { dimension: 'tokens', scope: { kind: 'row' }, ceiling: 20_000, at: 'full.yml:12:22' },
      { dimension: 'calls', scope: { kind: 'model', pattern: 'claude-*' }, ceiling: 10, at: 'full.yml:5:24' },
      { dimension: 'tokens', scope: { kind: 'model', pattern: 'claude-*' }, ceiling: 1_500_000, at: 'full.yml:5:36' },
      {
        dimension: 'cost_usd',
        scope: { kind: 'model', pattern: 'gpt-4.1' },
        ceiling: 250_000_000,
        at: 'full.yml:6:26',
      },
      { dimension: 'calls', scope: { kind: 'provider', pattern: 'mistral' }, ceiling: 0, at: 'full.yml:13:34' },
    ]);
  });

  test('has its rates most specific first, absent cache rates taken from the nearest one given', () => {
    const card = (input: number, output: number, read: number, write: number, write1h: number) => ({
      ...{ input: pico(input), output: pico(output), cacheRead: pico(read), cacheWrite: pico(write) },
      ...{ cacheWrite1h: pico(write1h), tiers: [], source: 'policy' },
    });
    expect(policy.rates).toEqual([
      { pattern: 'claude-haiku', at: 'full.yml:19:3', card: card(1, 5, 1, 1.25, 1.25) },
      { pattern: 'embeddings', at: 'full.yml:20:3', card: card(0.02, 0, 0.02, 0.02, 0.02) },
      { pattern: 'claude-*', at: 'full.yml:18:3', card: card(3, 15, 0.3, 3.75, 6) },
      { pattern: '*', at: 'full.yml:17:3', card: card(30, 30, 30, 30, 30) },
    ]);
  });

  test('has all else as written', () => {
    expect(policy).toMatchObject({
      file: 'full.yml',
      hash: createHash('sha256').update(text).digest('hex'),
      onExceed: 'halt',
      warnAt: 0.5,
      unpriced: 'refuse',
      reserve: { outputTokens: 1_000, waitMs: 120_000, clamp: true },
      journal: { fsync: true },
      counter: 'cl100k_base',
      mlflow: { trackingUri: 'http://127.0.0.1:5000', experiment: 'evals', scorers: 'off' },
    });
    expect(policy.upstreams).toEqual([
      { host: 'api.openai.com', forwardTo: new URL('http://127.0.0.1:9100') },
      { host: 'llm.corp.example', dialect: 'openai-chat', provider: 'openai' },
      { host: '127.0.0.1:11434' },
    ]);
  });

  test('gives no warning', () => {
    expect(warnings).toEqual([]);
  });
});

test('the least policy has every default', () => {
  expect(loadPolicy('version: 1', 'p.yml').policy).toEqual({
    file: 'p.yml',
    hash: createHash('sha256').update('version: 1').digest('hex'),
    run: undefined,
    limits: [],
    onExceed: 'raise',
    warnAt: 0.8,
    rates: [],
    unpriced: 'refuse',
    metering: 'known',
    keys: 'command',
    reserve: { outputTokens: 4096, waitMs: 30_000, clamp: false },
    journal: { fsync: false },
    counter: 'o200k_base',
    upstreams: [],
    mlflow: undefined,
  });
});

test('limits of rows and of providers come after those of calls and of models', () => {
  const { limits } = policyOf(
    'limits: { providers: { "azure*": { cost_usd: 1 } }, per_row: { tokens: 5k }, models: { m: { calls: 9 } }, calls: 8 }',
  );
  expect(limits.map(({ scope, dimension, ceiling }) => [scope, dimension, ceiling])).toEqual([
    [{ kind: 'run' }, 'calls', 8],
    [{ kind: 'row' }, 'tokens', 5000],
    [{ kind: 'model', pattern: 'm' }, 'calls', 9],
    [{ kind: 'provider', pattern: 'azure*' }, 'cost_usd', 1_000_000_000],
  ]);
});

test('bounds are lowered and the journal synced only on request', () => {
  const both = (text: string) => [policyOf(text).reserve.clamp, policyOf(text).journal.fsync];
  expect(both('reserve: { clamp: true }\njournal: { fsync: true }')).toEqual([true, true]);
  expect(both('reserve: { clamp: false }\njournal: { fsync: false }')).toEqual([false, false]);
  expect(both('reserve: {}\njournal: {}')).toEqual([false, false]);
});

test('the example of the documentation loads without a warning', () => {
  const { policy, warnings } = loadPolicy(fixture('design.yml'), 'token-budget.yml');
  expect(warnings).toEqual([]);
  expect(policy.limits.map(({ dimension, ceiling }) => [dimension, ceiling])).toEqual([
    ['tokens', 50_000],
    ['cost_usd', 1_500_000_000],
    ['tokens', 8_000],
    ['cost_usd', 1_000_000_000],
  ]);
  expect(policy.rates.map(({ pattern }) => pattern)).toEqual(['gpt-4o', 'my-local-*']);
});

describe('amounts', () => {
  test.each([
    ['0', 0],
    ['1', 1],
    ['50_000', 50_000],
    ['50k', 50_000],
    ['1.5M', 1_500_000],
    ['"2K"', 2_000],
    ['1.0', 1],
    ['+7', 7],
    ['9007199254740991', 9_007_199_254_740_991],
  ])('tokens: %s is %i', (text, count) => {
    expect(policyOf(`limits: { tokens: ${text} }`).limits[0]?.ceiling).toBe(count);
  });

  test.each([
    ['0', 0],
    ['0.1', 100_000_000],
    ['1.50', 1_500_000_000],
    ['.5', 500_000_000],
    ['1_000', 1_000_000_000_000],
    ['2.', 2_000_000_000],
    ['0.0000000001', 1],
    ['9007199.254740991', 9_007_199_254_740_991],
  ])('cost_usd: %s is %i nano-USD', (text, nano) => {
    expect(policyOf(`limits: { cost_usd: ${text} }`).limits[0]?.ceiling).toBe(nano);
  });

  test.each([
    ['0', 0],
    ['30', 30_000],
    ['0.5', 500],
    ['500ms', 500],
    ['30s', 30_000],
    ['1.5m', 90_000],
    ['60m', 3_600_000],
  ])('reserve.wait: %s is %i ms', (text, ms) => {
    expect(policyOf(`reserve: { wait: ${text} }`).reserve.waitMs).toBe(ms);
  });

  test.each([
    ['0%', 0],
    ['80%', 0.8],
    ['99.5%', 0.995],
    ['100%', 1],
    ['0.25', 0.25],
    ['1', 1],
  ])('warn_at: %s is %f', (text, part) => {
    expect(policyOf(`warn_at: ${text}`).warnAt).toBe(part);
  });

  test('a flat price per 1,000 tokens at the top is the rate of every model without its own', () => {
    const { rates } = policyOf('cost_per_1k_tokens: 0.03\nrates: { gpt-4o: 0 }');
    expect(rates.map(({ pattern, card }) => [pattern, card.input, card.output])).toEqual([
      ['gpt-4o', 0, 0],
      ['*', 30_000_000, 30_000_000],
    ]);
  });
});

describe('the text of a file', () => {
  test('may have a byte-order mark and Windows line ends, which move no place', () => {
    const { policy } = loadPolicy(Buffer.from('\uFEFFversion: 1\r\nlimits:\r\n  tokens: 9k\r\n'), 'p.yml');
    expect(policy.limits).toMatchObject([{ ceiling: 9_000, at: 'p.yml:3:11' }]);
  });

  test('may begin with --- and end with ...', () => {
    expect(loadPolicy('---\nversion: 1\n...\n', 'p.yml').policy.limits).toEqual([]);
  });

  test('may be JSON', () => {
    expect(loadPolicy('{"version":1,"limits":{"calls":3}}', 'p.yml').policy.limits).toMatchObject([{ ceiling: 3 }]);
  });

  test('gives the same policy as a string and as bytes', () => {
    const text = fixture('full.yml');
    expect(loadPolicy(Buffer.from(text), 'f')).toEqual(loadPolicy(text, 'f'));
  });
});

describe('a rate of more than text', () => {
  const rateIn = (text: string) => policyOf(`rates: { m: ${text} }`).rates[0]?.card;
  const text = {
    ...{ input: pico(4), output: pico(16) },
    ...{ cacheRead: pico(4), cacheWrite: pico(4), cacheWrite1h: pico(4) },
  };
  const rest = { tiers: [], source: 'policy' };

  test('prices sound and pictures, cached as uncached', () => {
    const card = rateIn('{ input: 4, output: 16, audio_input: 32, image_input: 5, audio_output: 64, image_output: 0 }');
    const media = { audioIn: pico(32), audioCached: pico(32), imageIn: pico(5), imageCached: pico(5) };
    expect(card).toEqual({ ...text, ...media, audioOut: pico(64), imageOut: 0, ...rest });
  });

  test('has fees in pico-USD for each, and may be made of them alone', () => {
    const fees = '{ call: 0.005, search: 0.01, file_search: 1, page: 1, annotated_page: 1, second: 1e-4 }';
    expect(rateIn(`{ fees: ${fees} }`)).toEqual({
      ...{ input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0 },
      fees: { call: 5e9, searches: 1e10, fileSearches: 1e12, pages: 1e12, annotatedPages: 1e12, seconds: 1e8 },
      ...rest,
    });
    const others = rateIn('{ input: 4, output: 16, fees: { character: 0.000015, image: 0.04, search_unit: 0.002 } }');
    expect(others).toEqual({ ...text, fees: { characters: 15e6, images: 4e10, searchUnits: 2e9 }, ...rest });
  });

  test('has factors for service tiers in millionths', () => {
    const card = rateIn('{ input: 4, output: 16, service_tiers: { flex: 0.5, batch: 0, priority: 1.75, fast: 100 } }');
    expect(card?.factors).toEqual({ flex: 500_000, batch: 0, priority: 1_750_000, fast: 100_000_000 });
  });
});

test('the models behind a host’s own names are known by these in lower case', () => {
  const { upstreams } = policyOf('upstreams: { my.openai.azure.com: { models: { My-Deployment: gpt-4o, b: o3 } } }');
  const models = new Map([
    ['my-deployment', 'gpt-4o'],
    ['b', 'o3'],
  ]);
  expect(upstreams).toEqual([{ host: 'my.openai.azure.com', models }]);
});
