/** MLflow's REST interface: one call at most so long, all of them under one deadline, failures of the server retried. */
import { DeadlineError, pause, type Deadline } from '../lib/deadline.js';
import { AnswerError } from './failure.js';
import { ask, type Answer, type Question } from './request.js';
import type { Server } from './server.js';

/** A server, and how long it may take. */
export interface Client {
  readonly server: Server;
  readonly deadline: Deadline;
  /** What one second of waiting before a retry lasts, in ms. */
  readonly secondMs: number;
}

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** What a call sends: in the query of a GET, in the body of a POST. */
export interface Call {
  readonly method: 'GET' | 'POST';
  /** Below `/api/2.0/mlflow/`. */
  readonly path: string;
  readonly data: Json;
}

const TRIES = 3;
const CALL_MS = 10_000;

/** A call that may be repeated without harm. Rejects with an AnswerError, a DeadlineError or the connection's error. */
export async function call(client: Client, what: Call): Promise<Json> {
  return retried(client, () => once(client, what));
}

/** Tries again where the server failed or broke off, at most three times in all; `work` is told how often it was tried. */
export async function retried<T>(client: Client, work: (tried: number) => Promise<T>): Promise<T> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await work(tried);
    } catch (error) {
      const wait = Math.max(2 ** tried, secondsAsked(error)) * client.secondMs;
      if (!isPassing(error) || tried + 1 >= TRIES || wait >= client.deadline.left()) throw error;
      await pause(wait);
    }
  }
}

/** One call, asked once. */
export async function once(client: Client, { method, path, data }: Call): Promise<Json> {
  const url = new URL(`${client.server.address}/api/2.0/mlflow/${path}`);
  if (method === 'GET') for (const [name, value] of Object.entries(data)) url.searchParams.set(name, String(value));
  return asked(client, { method, url, body: method === 'POST' ? JSON.stringify(data) : undefined });
}

/** One question at any address of the server, asked once; its answer is a JSON object, but to a PUT it may be anything. */
export async function asked(
  { server, deadline }: Client,
  question: Pick<Question, 'method' | 'url' | 'body' | 'contentType'> & Partial<Pick<Question, 'headers'>>,
): Promise<Json> {
  const tooLong = AbortSignal.timeout(CALL_MS);
  const signal = AbortSignal.any([deadline.signal, tooLong]);
  try {
    const answer = await ask({ headers: server.headers, tls: server.tls, signal, ...question });
    return question.method === 'PUT' && answer.status === 200 ? {} : parsed(answer);
  } catch (error) {
    deadline.signal.throwIfAborted();
    if (tooLong.aborted) throw new DeadlineError(`no answer within ${CALL_MS / 1000} s`);
    throw error;
  }
}

/** A failure that carries the wait which the server asked for. */
class BusyError extends AnswerError {
  readonly seconds: number;

  constructor(status: number, code: string, seconds: number) {
    super(status, code);
    this.seconds = seconds;
  }
}

function parsed({ status, text, retryAfter }: Answer): Json {
  const json = objectOf(text);
  if (status === 200 && json) return json;
  const code = json?.error_code;
  throw new BusyError(status, typeof code === 'string' && /^[A-Z_]{1,60}$/.test(code) ? code : '', retryAfter);
}

function objectOf(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under a key; empty where there is none. */
export function within(json: Json, key: string): Json {
  const value = json[key];
  return isJson(value) ? value : {};
}

/** The text under a key, not empty. An answer without it is not MLflow's: rejected as such. */
export function textIn(json: Json, key: string): string {
  const value = json[key];
  if (typeof value !== 'string' || value === '') throw new AnswerError(200, '');
  return value;
}

function secondsAsked(error: unknown): number {
  return error instanceof BusyError ? error.seconds : 0;
}

/** Connections that were refused or broken off have codes that start so; those that TLS refuses have others. */
function isPassing(error: unknown): boolean {
  if (error instanceof AnswerError) return error.status === 429 || error.status >= 500;
  if (!(error instanceof Error) || !('code' in error)) return false;
  return ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'].includes(String(error.code));
}
