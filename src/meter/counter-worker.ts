/** The worker behind counter.ts, bundled by itself. Its workerData names the encoding. */
import { parentPort, workerData } from 'node:worker_threads';
import { countTokens, readRanks, type Encoding, type Ranks } from './bpe.js';
import type { CountAnswer, CountRequest } from './counter.js';

let loaded: Promise<Encoding> | undefined;

parentPort?.on('message', ({ id, text }: CountRequest) => {
  void answerOf(id, text).then((answer) => parentPort?.postMessage(answer));
});

async function answerOf(id: number, text: string): Promise<CountAnswer> {
  try {
    return { id, count: countTokens(await (loaded ??= load(String(workerData))), text) };
  } catch (error) {
    return { id, problem: error instanceof Error ? error.message : String(error) };
  }
}

async function load(name: string): Promise<Encoding> {
  return readRanks(await ranksOf(name));
}

/** Imported by literal names, so that a bundler sees them. */
async function ranksOf(name: string): Promise<Ranks> {
  if (name === 'o200k_base') return (await import('js-tiktoken/ranks/o200k_base')).default;
  if (name === 'cl100k_base') return (await import('js-tiktoken/ranks/cl100k_base')).default;
  throw new Error(`there is no encoding ${name}`);
}
