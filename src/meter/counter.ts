/**
 * Counts the tokens of a text off the event loop. The worker and the tokenizer's 2 MB of ranks are loaded when the first
 * text is counted, so that a run which never counts pays nothing; neither keeps the process alive while idle.
 */
import { Worker } from 'node:worker_threads';
import type { CounterName } from '../domain/policy.js';

/** A tokenizer of OpenAI's. */
export type EncodingName = Exclude<CounterName, 'whitespace'>;

export interface TokenCounter {
  /**
   * Tokens of a text, 0 or more. Nothing in it is special: `<|endoftext|>` counts as the characters it is written with.
   * @throws CounterError where the tokenizer cannot be had; the next count tries anew
   */
  count(text: string): Promise<number>;
  /** Ends the worker; counts under way and later ones reject. */
  close(): Promise<void>;
}

/** A text could not be counted. What it was counted for must fall back to a bound that needs no count. */
export class CounterError extends Error {
  override readonly name = 'CounterError';
}

/** What goes to the worker and what comes back, one answer a question. */
export interface CountRequest {
  readonly id: number;
  readonly text: string;
}
export type CountAnswer =
  { readonly id: number; readonly count: number } | { readonly id: number; readonly problem: string };

/** @param workerFile path of the built counter-worker; not read for `whitespace` */
export function createCounter(name: CounterName, workerFile: string): TokenCounter {
  if (name === 'whitespace') {
    return { count: (text) => Promise.resolve(countWords(text)), close: () => Promise.resolve() };
  }
  return new WorkerCounter(name, workerFile);
}

/** Counters by name, each made when it is first asked for. */
export class Counters {
  readonly #made = new Map<CounterName, TokenCounter>();
  readonly #file: string;

  /** @param workerFile path of the built counter-worker */
  constructor(workerFile: string) {
    this.#file = workerFile;
  }

  /** @throws CounterError as the counter does */
  count(name: CounterName, text: string): Promise<number> {
    let counter = this.#made.get(name);
    if (!counter) this.#made.set(name, (counter = createCounter(name, this.#file)));
    return counter.count(text);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#made.values()].map((counter) => counter.close()));
  }
}

/** Words separated by white space. */
function countWords(text: string): number {
  let words = 0;
  for (const match of text.matchAll(/\S+/g)) words += match.length;
  return words;
}

interface Pending {
  readonly resolve: (count: number) => void;
  readonly reject: (error: CounterError) => void;
}

class WorkerCounter implements TokenCounter {
  readonly #encoding: CounterName;
  readonly #file: string;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #lastId = 0;
  #closed = false;

  constructor(encoding: CounterName, file: string) {
    this.#encoding = encoding;
    this.#file = file;
  }

  count(text: string): Promise<number> {
    if (this.#closed) return Promise.reject(new CounterError('the token counter is closed'));
    if (text === '') return Promise.resolve(0);
    return new Promise((resolve, reject) => {
      const worker = (this.#worker ??= this.#start());
      const id = ++this.#lastId;
      this.#pending.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ id, text } satisfies CountRequest);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    if (!worker) return;
    this.#lose(worker, 'it was closed');
    await worker.terminate();
  }

  /** The options keep flags and preloads of this process out of the worker: it needs none of them. */
  #start(): Worker {
    const worker = new Worker(this.#file, { workerData: this.#encoding, execArgv: [], env: {} });
    worker.unref();
    worker.on('message', (answer: CountAnswer) => {
      this.#settle(worker, answer);
    });
    worker.on('error', (error) => {
      this.#lose(worker, error instanceof Error ? error.message : String(error));
    });
    worker.on('exit', (code) => {
      this.#lose(worker, `it exited with status ${code}`);
    });
    return worker;
  }

  #settle(worker: Worker, answer: CountAnswer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (this.#pending.size === 0) worker.unref();
    if ('count' in answer) pending?.resolve(answer.count);
    else pending?.reject(new CounterError(`the tokenizer ${this.#encoding} failed: ${answer.problem}`));
  }

  /** A worker is lost once: its later events must not touch the one that took its place. */
  #lose(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of lost) reject(new CounterError(`the token counter's worker is gone: ${reason}`));
  }
}
