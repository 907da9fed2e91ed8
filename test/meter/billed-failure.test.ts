import { describe, expect, it } from 'vitest';
import { OTHERWISE, WORKED } from '../../src/meter/billed-statuses.js';
import { PROVIDERS } from '../../src/providers/index.js';
import { ruleFor, type Failure } from '../../src/meter/billed-failure.js';

const ERROR = { error: { message: 'no', type: 'server_error' } };

const NO_BODY = null;
const RULES = [...WORKED, ...OTHERWISE, ...PROVIDERS.all.flatMap(({ statuses = [] }) => statuses)];

function isBilled(status: number, provider = 'custom', body: object | null = ERROR, host = `${provider}.example`) {
  const failure: Failure = {
    provider: PROVIDERS.named(provider),
    host,
    status,
    headers: {},
    body: body === null ? undefined : { ...body },
  };
  return ruleFor(failure).billed;
}

describe('the rules for error statuses', () => {
  it('each rest on a source with a date', () => {
    for (const { why, source, date } of RULES) {
      expect(why).not.toBe('');
      expect(source).toMatch(/^https:\/\//);
      expect(date).toMatch(/^2026-\d\d-\d\d$/);
    }
  });

  it('free a hold by what a provider says, never for want of its word', () => {
    expect(RULES.filter(({ basis, billed }) => basis === 'not stated' && !billed)).toEqual([]);
  });

  it('say something of every status, from any provider', () => {
    for (let status = 300; status < 1000; status += 1) expect(typeof isBilled(status)).toBe('boolean');
  });
});

describe('an error of a provider that says nothing of its bills', () => {
  it.each([300, 301, 302, 307, 308, 400, 401, 402, 403, 404, 405, 409, 413, 415, 422, 425, 429, 431, 451, 501])(
    'costs nothing where it turned the request away: %i',
    (status) => {
      expect(isBilled(status)).toBe(false);
      expect(isBilled(status, 'custom', NO_BODY)).toBe(false);
    },
  );

  it.each([408, 424, 460, 499, 500, 502, 503, 504, 507, 508, 520, 521, 522, 523, 524, 525, 530, 598, 599, 999])(
    'keeps the hold where the request may have been worked at: %i',
    (status) => {
      expect(isBilled(status)).toBe(true);
    },
  );
});

describe('what a provider says of its bills', () => {
  it.each([
    ['openai', 503],
    ['anthropic', 500],
    ['anthropic', 529],
    ['groq', 498],
    ['groq', 502],
    ['groq', 503],
    ['google', 500],
    ['google', 503],
    ['openrouter', 502],
    ['openrouter', 529],
    ['deepseek', 503],
    ['mistral', 503],
  ])('frees the hold, of its own errors alone: %s %i', (provider, status) => {
    expect(isBilled(status, provider)).toBe(false);
    expect(isBilled(status, provider, NO_BODY)).toBe(true);
    expect(isBilled(status, provider, { message: 'upstream connect error' })).toBe(true);
  });

  it('keeps the hold where only its bills for something else are known', () => {
    expect(isBilled(500, 'openai')).toBe(true);
  });

  it('keeps the hold at Groq where the model may have been the cause', () => {
    expect(isBilled(422, 'groq')).toBe(true);
    expect(isBilled(422, 'together')).toBe(false);
  });

  it.each(['openai', 'anthropic', 'groq', 'google', 'openrouter', 'azure', 'aws', 'mistral'])(
    'does not free the hold after a time-out: %s',
    (provider) => {
      for (const status of [408, 499, 504, 524]) expect(isBilled(status, provider)).toBe(true);
    },
  );

  it('is told by AWS in a header', () => {
    const failure = { provider: PROVIDERS.named('aws'), host: 'h', status: 503, body: { message: 'busy' } };
    expect(ruleFor({ ...failure, headers: {} }).billed).toBe(true);
    expect(ruleFor({ ...failure, headers: { 'x-amzn-errortype': 'ServiceUnavailableException' } }).billed).toBe(false);
  });

  it('frees everything but a success on Vertex', () => {
    const host = 'us-central1-aiplatform.googleapis.com';
    for (const status of [400, 408, 429, 499, 500, 502, 503, 504])
      expect(isBilled(status, 'google', ERROR, host)).toBe(false);
    expect(isBilled(504, 'google', NO_BODY, host)).toBe(true);
  });
});

describe('an error after work', () => {
  const filtered = { error: { code: 'content_filter', message: 'filtered', param: 'prompt', type: null } };

  it.each([
    ['azure', true],
    ['custom', true],
    ['google', false],
    ['openrouter', false],
  ])('of a filter is billed but where the provider says otherwise: %s', (provider, billed) => {
    expect(isBilled(400, provider, filtered)).toBe(billed);
  });

  it.each([
    [{ error: { code: 'context_length_exceeded', type: 'invalid_request_error' } }, true],
    [{ error: { code: null, type: 'invalid_request_error', message: 'Unknown parameter' } }, false],
    [{ error: { code: 'OperationNotSupported', message: 'no' } }, false],
    [{ error: { code: 'odd', message: 'no' } }, true],
    [NO_BODY, true],
  ])('is told from one before it by Azure’s code: %j', (body, billed) => {
    expect(isBilled(400, 'azure', body)).toBe(billed);
  });

  it('is told by what was generated in vain', () => {
    const failed = { error: { code: 'tool_use_failed', failed_generation: '<function=x>' } };
    expect(isBilled(400, 'groq', failed)).toBe(true);
    expect(isBilled(400, 'groq')).toBe(false);
  });

  it('against xAI’s guidelines has a fee of its own', () => {
    const body = {
      code: 'no permission',
      error: 'Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_X',
    };
    expect(
      ruleFor({ provider: PROVIDERS.named('x-ai'), host: 'api.x.ai', status: 403, headers: {}, body }),
    ).toMatchObject({
      billed: true,
      fee: 50_000_000,
    });
  });

  it('is not told by what a prompt says in members of other names', () => {
    expect(isBilled(400, 'custom', { error: { message: 'no' }, input: 'content_filter' })).toBe(false);
  });

  it('is told of an error of any depth and length', () => {
    let body: Record<string, unknown> = { code: 'content_filter' };
    for (let depth = 0; depth < 50_000; depth += 1) body = { error: body };
    expect(isBilled(400, 'custom', { errors: Array.from({ length: 300_000 }, () => 1), ...body })).toBe(true);
  });
});
