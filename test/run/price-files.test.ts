import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PolicyError } from '../../src/domain/errors.js';
import { rateFor } from '../../src/meter/prices.js';
import { loadPolicy } from '../../src/policy/load.js';
import { besidePolicy, withPrices } from '../../src/run/price-files.js';

const NOW = new Date('2026-11-28T12:00:00Z');
const SHA = 'c'.repeat(40);
const NOBODY = { token: '', apiUrl: 'http://127.0.0.1:1', deadlineMs: 5_000 };

let dir = '';
let server: Server | undefined;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'price-files-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
  server?.close();
  server = undefined;
});

async function priced(field: string, connection = NOBODY) {
  const { policy } = loadPolicy(`version: 1\nprices: ${field}\n`, join(dir, 'token-budget.yml'));
  return withPrices(policy, besidePolicy(policy.file, connection), NOW);
}

async function problemOf(field: string, connection = NOBODY): Promise<string> {
  const error: unknown = await priced(field, connection).catch((thrown: unknown) => thrown);
  if (!(error instanceof PolicyError)) throw new Error(`no PolicyError but ${String(error)}`);
  return error.problems.map(({ at, message, remedy }) => `${at} ${message}. ${remedy}`).join('\n');
}

function write(text: string): string {
  writeFileSync(join(dir, 'prices.yml'), text);
  return createHash('sha256').update(text).digest('hex');
}

/** A stand-in for GitHub's API, which answers every file with this text. */
async function github(status: number, text = ''): Promise<{ connection: typeof NOBODY; urls: string[] }> {
  const urls: string[] = [];
  server = createServer((request, response) => {
    urls.push(`${request.url ?? ''} ${request.headers.authorization ?? 'nobody'}`);
    const content = Buffer.from(text).toString('base64');
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(status === 200 ? { type: 'file', encoding: 'base64', content } : { message: 'no' }));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { connection: { ...NOBODY, apiUrl: `http://127.0.0.1:${port}` }, urls };
}

describe('a price file beside the policy', () => {
  test('adds its models behind the policy’s own rates', async () => {
    write('date: 2026-11-27\nrates: { gpt-99: { input: 3, output: 12 } }');
    const { rates, prices } = await priced('prices.yml');
    expect(prices).toMatchObject({ date: '2026-11-27', pinned: false });
    expect(rateFor(rates, 'openai', 'gpt-99', NOW)?.output).toBe(12_000_000);
  });

  test('that lowers a known rate is an error with the model, both rates and the remedy', async () => {
    write('rates:\n  gpt-4o: { input: 2.50, output: 5 }\n');
    const problem = await problemOf('prices.yml');
    expect(problem).toContain('prices.yml:2:3 output of gpt-4o is 5.00 USD per 1M tokens here, but 10.00');
    expect(problem).toContain('sha256');
  });

  test('may lower one where its hash is pinned', async () => {
    const sha256 = write('rates: { gpt-4o: { input: 1, output: 5 } }');
    const { rates } = await priced(`{ file: prices.yml, sha256: ${sha256} }`);
    expect(rateFor(rates, 'openai', 'gpt-4o', NOW)?.output).toBe(5_000_000);
  });

  test('with other bytes than those that are pinned is refused at the field of the policy', async () => {
    write('rates: { gpt-4o: 0 }');
    const problem = await problemOf(`{ file: prices.yml, sha256: ${'d'.repeat(64)} }`);
    expect(problem).toContain('token-budget.yml:2:17 the SHA-256 of prices.yml does not match');
  });

  test('that is not there is told at the field of the policy', async () => {
    expect(await problemOf('gone.yml')).toContain(
      'token-budget.yml:2:9 could not read the price file gone.yml: the file does not exist',
    );
  });

  test('is told with its own places where it is wrong', async () => {
    write('rates: { gpt-99: { input: 1 } }');
    expect(await problemOf('prices.yml')).toMatch(/^prices\.yml:1:18 the rate has no `output`/);
  });
});

describe('a price file of another repository', () => {
  test('is read at its commit, without a token too', async () => {
    const { connection, urls } = await github(200, 'rates: { gpt-4o: { input: 1, output: 5 } }');
    const { rates } = await priced(`acme/prices/llm/all.yml@${SHA}`, connection);
    expect(rateFor(rates, 'openai', 'gpt-4o', NOW)?.output).toBe(5_000_000);
    expect(urls).toEqual([`/repos/acme/prices/contents/llm%2Fall.yml?ref=${SHA} nobody`]);
  });

  test('is asked for with the token that there is', async () => {
    const { connection, urls } = await github(200, 'rates: {}');
    await priced(`acme/prices/all.yml@${SHA}`, { ...connection, token: 't0ken' });
    expect(urls[0]).toMatch(/ token t0ken$/);
  });

  test.each([404, 403])('that cannot be seen (%d) is told at the field of the policy', async (status) => {
    const { connection } = await github(status);
    const problem = await problemOf(`acme/prices/all.yml@${SHA}`, connection);
    expect(problem).toContain('token-budget.yml:2:9 could not read the price file acme/prices/all.yml@');
  });
});

test('a policy that names no file reads none', async () => {
  const { policy } = loadPolicy('version: 1\n', 'token-budget.yml');
  expect(await withPrices(policy, besidePolicy('token-budget.yml', NOBODY), NOW)).toBe(policy);
});
