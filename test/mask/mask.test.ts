import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/domain/entry.js';
import { coverageOf, scopeNamed } from '../../src/domain/limit.js';
import { Mask } from '../../src/mask/mask.js';
import { open, refuse, reserve, settle } from '../report/runs.js';
import { MASKED, STAYS } from './table.js';

const mask = new Mask([]);

test.each(STAYS)('the name of %s stays: %s', (_what, name) => {
  expect(mask.name(name)).toBe(name);
});

test.each(MASKED)('%s in the place of a name is masked: %s', (_what, name) => {
  expect(mask.name(name)).toBe('***');
  expect(mask.name(`azure/${name}`)).toBe('azure/***');
  expect(mask.name(`no price is known for ${name} at openai`)).toBe('no price is known for *** at openai');
});

test('the table in the docs has the same rows', () => {
  const docs = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'masking.md'), 'utf8');
  for (const [what] of [...STAYS, ...MASKED]) expect(docs).toMatch(new RegExp(`^\\| ${what} +\\|`, 'im'));
});

describe('a known secret', () => {
  const secret = 'plain-words-only';
  const known = new Mask([secret, 'words', '']);

  test('is masked wherever it stands, the longer before one that it holds', () => {
    expect(known.text(`a ${secret}, ${encodeURIComponent(secret)} and words`)).toBe('a ***, *** and ***');
  });

  test('is masked in every text of every entry, and in nothing that decides', () => {
    const entries: readonly Entry[] = [
      open({ policy: { file: secret, hash: 'ab'.repeat(32) } }),
      reserve(1, { model: secret, host: `${secret}.example`, row: secret, unbounded: secret }),
      settle(1, { model: `x/${secret}` }),
      refuse(2, { limit: { dimension: 'tokens', scope: `models.${secret}` } }),
      { event: 'notice', ms: 1, code: 'unpriced', text: `no price for ${secret}` },
    ];
    const masked = entries.map((entry) => known.entry(entry));
    expect(JSON.stringify(masked)).not.toContain(secret);
    expect(masked.map(({ event }) => event)).toEqual(['open', 'reserve', 'settle', 'refuse', 'notice']);
    expect(masked[0]).toMatchObject({ policy: { hash: 'ab'.repeat(32) } });
  });

  test('in a limit’s name leaves a name that covers nothing, not one that covers all', () => {
    const { limit } = known.entry(refuse(2, { limit: { dimension: 'tokens', scope: `models.${secret}` } }));
    expect(coverageOf(scopeNamed(limit?.scope ?? ''))({ provider: 'openai', model: 'gpt-4o' })).toBe(false);
  });

  test('is in no text whatever stands around it', () => {
    fc.assert(
      fc.property(
        fc
          .string({ minLength: 8, maxLength: 40 })
          .filter((text) => text.trim().length >= 8 && !'***'.includes(text.trim())),
        fc.string({ maxLength: 30 }),
        fc.string({ maxLength: 30 }),
        (key, before, after) => {
          const masking = new Mask([key]);
          const written = `${before}${key}${after}`;
          for (const text of [masking.text(written), masking.name(written), ...masking.words([written, key])])
            expect(text).not.toContain(key);
        },
      ),
    );
  });
});

test('ids of rows and of runs of MLflow are no keys', () => {
  const id = '3f9a1c07b2d84e653f9a1c07b2d84e65';
  expect(mask.entry(reserve(1, { row: id }))).toMatchObject({ row: id });
  const stated = { traced: { input: 1, output: 1 }, judged: { input: 0, output: 0 }, rows: 1, failedRows: 0 };
  expect(mask.entry({ event: 'eval' as const, ms: 1, runId: id, ...stated })).toMatchObject({ runId: id });
});
