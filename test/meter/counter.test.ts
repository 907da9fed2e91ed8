import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CounterError, createCounter, type TokenCounter } from '../../src/meter/counter.js';

let dir: string;
let workerFile: string;
const open: TokenCounter[] = [];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'counter-'));
  workerFile = join(dir, 'worker.mjs');
  await bundle('src/meter/counter-worker.ts', workerFile);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((counter) => counter.close()));
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

async function bundle(entry: string, outfile: string): Promise<void> {
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
}

function counterOf(...args: Parameters<typeof createCounter>): TokenCounter {
  const counter = createCounter(...args);
  open.push(counter);
  return counter;
}

describe('the whitespace counter', () => {
  it.each([
    ['', 0],
    [' \n\t ', 0],
    ['one', 1],
    ['  two\nwords ', 2],
    ['no-break\u00a0space, <|endoftext|>', 3],
  ])('counts the words of %j', async (text, words) => {
    await expect(counterOf('whitespace', '/does/not/exist').count(text)).resolves.toBe(words);
  });
});

describe('the tokenizers', () => {
  it('count known texts as OpenAI does', async () => {
    // "tiktoken is great!" is OpenAI's own example: 6 tokens by both encodings; the Chinese text shows the two apart.
    const o200k = counterOf('o200k_base', workerFile);
    const cl100k = counterOf('cl100k_base', workerFile);
    await expect(Promise.all([o200k.count('tiktoken is great!'), cl100k.count('tiktoken is great!')])).resolves.toEqual(
      [6, 6],
    );
    const [newer, older] = await Promise.all([o200k.count('你好，世界'), cl100k.count('你好，世界')]);
    expect(newer).toBeLessThan(older);
  });

  it('take special tokens for the text they are written with', async () => {
    await expect(counterOf('o200k_base', workerFile).count('<|endoftext|>')).resolves.toBeGreaterThan(1);
  });

  it('answer each of many questions with its own count', async () => {
    const counter = counterOf('o200k_base', workerFile);
    const counts = await Promise.all(Array.from({ length: 50 }, (_, n) => counter.count(' hello'.repeat(n))));
    expect(counts).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });
});

describe('a worker that is lost', () => {
  it('rejects what it was asked, and the next count starts a new one', async () => {
    const file = join(dir, 'mortal.mjs');
    const mortal =
      "import { parentPort } from 'node:worker_threads';\nparentPort.on('message', () => process.exit(7));\n";
    writeFileSync(file, mortal);
    const counter = counterOf('o200k_base', file);
    const both = await Promise.allSettled([counter.count('one'), counter.count('two')]);
    for (const result of both) {
      expect(result).toMatchObject({ status: 'rejected', reason: { name: 'CounterError' } });
      expect(String(result.status === 'rejected' && result.reason)).toContain('exited with status 7');
    }
    await bundle('src/meter/counter-worker.ts', file);
    await expect(counter.count(' hello')).resolves.toBe(1);
  });

  it('tells why, where its file is missing', async () => {
    const count = counterOf('o200k_base', join(dir, 'missing.mjs')).count('text');
    await expect(count).rejects.toThrow(CounterError);
    await expect(count).rejects.toThrow(/missing\.mjs/);
  });

  it('tells why, where the tokenizer fails', async () => {
    const file = join(dir, 'failing.mjs');
    const failing =
      "import { parentPort } from 'node:worker_threads';\n" +
      "parentPort.on('message', ({ id }) => parentPort.postMessage({ id, problem: 'no ranks' }));\n";
    writeFileSync(file, failing);
    await expect(counterOf('o200k_base', file).count('text')).rejects.toThrow(/o200k_base failed: no ranks/);
  });
});

describe('closing', () => {
  it('rejects counts under way and later ones', async () => {
    const counter = createCounter('o200k_base', workerFile);
    const underWay = expect(counter.count('x'.repeat(100_000))).rejects.toThrow(/it was closed/);
    await counter.close();
    await underWay;
    await expect(counter.count('text')).rejects.toThrow(/is closed/);
    await counter.close();
  });

  it('is not needed for the process to end, and a count under way is still answered', async () => {
    const script = join(dir, 'script.mjs');
    await bundle('src/meter/counter.ts', join(dir, 'counter.mjs'));
    writeFileSync(
      script,
      "import { createCounter } from './counter.mjs';\n" +
        `createCounter('cl100k_base', ${JSON.stringify(workerFile)}).count(' hello hello').then(console.log);\n`,
    );
    expect(execFileSync(process.execPath, [script], { encoding: 'utf8', timeout: 30_000 })).toBe('2\n');
  });
});
