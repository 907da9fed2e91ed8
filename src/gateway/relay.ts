/** Passes answers on to clients as they come, and has them read on the way. */
import { after, type Eventually } from '../lib/eventually.js';
import type { Signal } from '../lib/one-shot-signal.js';
import type { AnswerMeter } from '../meter/answer.js';
import { jsonAnswer } from '../meter/json-answer.js';
import { streamAnswer } from '../meter/stream-answer.js';
import { canDecode } from '../meter/content-encoding.js';
import { framingOf, JSON_ARRAY } from '../meter/framing.js';
import type { RequestFacts } from '../meter/dialects/dialect.js';
import { eachChunk } from './body-stream.js';
import type { AnsweredCall, ReadAnswer } from './call-phases.js';
import { passedHeaders } from './headers.js';
import { interruptible, type Interruption } from './interrupt.js';
import { succeeded, type Answer, type AnswerHead, type Reply } from './message.js';

/** An answer, whom it is for, and how it is to be read. */
export interface Relayed extends Pick<AnsweredCall, 'answer' | 'response' | 'dialect' | 'target' | 'strip'> {
  readonly facts: Pick<RequestFacts, 'array'>;
}

/** Told once what was read of an answer. */
export type Ended = (read: ReadAnswer) => Eventually<void>;

/**
 * Passes an answer on, and tells what was read of it before the client has the last of it, so that a program which asks
 * for the budget after a call never reads a stale one.
 * @param halted ends a stream with an error of its format
 */
export async function relayAnswer(halted: Signal, call: Relayed, ended: Ended): Promise<void> {
  const { answer, response } = call;
  const { head } = answer;
  const { meter, strip, readable } = meterFor(call);
  const stop = interruptible(halted, call, meter, readable);
  const end = once((whole) => ended({ head, whole, meter }));
  try {
    writeHead(response, head, strip ? ['content-encoding', 'content-length'] : []);
    await relay(answer, response, { meter, stop, end });
  } catch {
    // The upstream broke off, or cannot be read: the client must not take what it has for a whole answer.
    await end(false);
    response.destroy();
  } finally {
    stop.over();
  }
}

interface Metering {
  readonly meter: AnswerMeter;
  /** What the client did not ask for is taken out. */
  readonly strip: boolean;
  /** The client gets it as text, of no length that was promised. */
  readonly readable: boolean;
}

function meterFor({ answer: { head }, dialect, facts, strip: asked }: Relayed): Metering {
  const encoding = (head.headers['content-encoding'] ?? '').trim().toLowerCase();
  const framing = succeeded(head) ? framingOf(head.headers['content-type'] ?? '', facts.array) : undefined;
  if (!framing) return { meter: jsonAnswer(dialect, encoding, head.headers), strip: false, readable: false };
  const strip = asked && canDecode(encoding);
  return {
    meter: streamAnswer(dialect, encoding, strip, framing, head.headers),
    strip,
    // An array that grows has no place for an error behind its elements.
    readable: strip || (framing !== JSON_ARRAY && isPlain(head)),
  };
}

/** A function that acts the first time only. */
function once(end: (whole: boolean) => Eventually<void>): (whole: boolean) => Eventually<void> {
  let ended: { readonly end: Eventually<void> } | undefined;
  return (whole) => (ended ??= { end: end(whole) }).end;
}

/** Passes an answer on that costs nothing: those of the free endpoints. */
export async function passOn({ head, body }: Answer, response: Reply): Promise<void> {
  try {
    writeHead(response, head, []);
    await eachChunk(body, (chunk) => write(response, chunk));
    checkEnd(head);
    finish(response, head);
  } catch {
    response.destroy();
  }
}

interface Reading {
  readonly meter: AnswerMeter;
  readonly stop: Interruption;
  readonly end: (whole: boolean) => Eventually<void>;
}

async function relay({ head, body }: Answer, response: Reply, { meter, stop, end }: Reading): Promise<void> {
  const pass = (pieces: readonly Buffer[]) => {
    return after(writeAll(response, pieces), () => {
      stop.idle();
    });
  };
  await eachChunk(body, (chunk) => {
    stop.busy();
    return after(meter.push(chunk), (pieces) => {
      return meter.done ? after(end(true), () => pass(pieces)) : pass(pieces);
    });
  });
  checkEnd(head);
  stop.busy();
  const rest = await meter.end();
  await end(isFramed(head));
  await writeAll(response, rest);
  finish(response, head);
}

function isStream({ headers }: AnswerHead): boolean {
  return framingOf(headers['content-type'] ?? '') !== undefined;
}

/** Throws where a body ended before it was whole. */
function checkEnd({ complete }: AnswerHead): void {
  if (!complete) throw new Error('the upstream broke off');
}

/** Whether more can be written after what the upstream sent. */
function isPlain({ headers }: AnswerHead): boolean {
  return headers['content-encoding'] === undefined && headers['content-length'] === undefined;
}

/** Whether the end of a body shows that it is whole; one that ends with its connection may have been cut. */
function isFramed({ httpVersionMajor, headers }: AnswerHead): boolean {
  return httpVersionMajor > 1 || headers['transfer-encoding'] !== undefined || headers['content-length'] !== undefined;
}

function writeHead(response: Reply, answer: AnswerHead, without: readonly string[]): void {
  if (response.headersSent || response.destroyed) return;
  response.sendDate = false;
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, passedHeaders(answer.rawHeaders, ...without));
  // A stream's client waits for the head, not for the first event; any other head leaves with the first bytes of
  // its body, in one packet. `flushHeaders` would send it as UTF-8.
  if (isStream(answer)) response.write(Buffer.alloc(0));
}

/** Ends an answer with the trailers that its upstream sent, which only a chunked one can have. */
function finish(response: Reply, { rawTrailers }: AnswerHead): void {
  if (response.writableEnded) return;
  const pairs = rawTrailers.flatMap((name, i): [string, string][] => (i % 2 ? [] : [[name, rawTrailers[i + 1] ?? '']]));
  response.addTrailers(pairs);
  response.end();
}

/** One write for all that a chunk gave: each is a packet of its own. */
function writeAll(response: Reply, pieces: readonly Buffer[]): Promise<void> | undefined {
  const [first, ...others] = pieces;
  if (!first) return undefined;
  return write(response, others.length === 0 ? first : Buffer.concat(pieces));
}

/** Writes with backpressure; a client that is gone takes everything at once, so that the upstream can be drained. */
function write(response: Reply, chunk: Buffer): Promise<void> | undefined {
  if (response.destroyed || response.writableEnded || response.write(chunk)) return undefined;
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });
}
