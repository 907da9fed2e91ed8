import type { Readable } from 'node:stream';
import { after } from '../lib/eventually.js';
import { jsonAnswer, streamAnswer, type AnswerMeter } from '../meter/answer.js';
import { canDecode } from '../meter/decode.js';
import { framingOf, JSON_ARRAY } from '../meter/framing.js';
import type { DeferredCall } from './background.js';
import { eachChunk } from './chunks.js';
import { interruptible, type Interruption } from './interrupt.js';
import type { AdmittedCall, MeteredCall, SentCall } from './metered.js';
import { reportedOutcome } from './outcome.js';
import type { GatewayContext } from './context.js';
import { passedHeaders } from './headers.js';
import type { AnswerHead, Reply } from './message.js';
import { settler, succeeded, type Settle } from './settlement.js';

/** An upstream's answer: its head, and its body where a part of that was read before. */
export interface Answer {
  readonly head: AnswerHead;
  readonly body: Readable;
}

/**
 * Passes an answer on and settles its call before the client has the last of it, so that a program which asks for the
 * budget after a call never reads a stale one. An error answer or a redirect costs what its provider bills for such a
 * one, unless it states usage; an answer that breaks off costs its hold.
 */
export async function relayAnswer(
  context: GatewayContext,
  call: MeteredCall,
  admitted: AdmittedCall,
  answer: Answer,
): Promise<void> {
  await relayMetered(context, call, answer, { asked: admitted.strip, array: admitted.facts.array }, (meter) =>
    settler(context, call, admitted, meter, answer.head),
  );
}

async function relayMetered(
  context: GatewayContext,
  call: SentCall,
  { head, body }: Answer,
  { asked, array }: { readonly asked: boolean; readonly array?: boolean | undefined },
  settlerOf: (meter: AnswerMeter) => Settle,
): Promise<void> {
  const encoding = (head.headers['content-encoding'] ?? '').trim().toLowerCase();
  const framing = succeeded(head) ? framingOf(head.headers['content-type'] ?? '', array) : undefined;
  const strip = framing !== undefined && asked && canDecode(encoding);
  const meter = framing
    ? streamAnswer(call.dialect, encoding, strip, framing, head.headers)
    : jsonAnswer(call.dialect, encoding, head.headers);
  const settle = settlerOf(meter);
  // An array that grows has no place for an error behind its elements.
  const readable = strip || (framing !== undefined && framing !== JSON_ARRAY && isPlain(head));
  const stop = interruptible(context, call, meter, readable);
  try {
    writeHead(call.response, head, strip ? ['content-encoding', 'content-length'] : []);
    await relay(body, call.response, meter, settle, head, stop);
  } catch {
    // The upstream broke off, or cannot be read: the client must not take what it has for a whole answer.
    await settle(false);
    call.response.destroy();
  } finally {
    stop.over();
  }
}

/** Passes on what a provider says of a call that it had answered before, which is settled once its use is stated. */
export async function relayLater(
  context: GatewayContext,
  { call, admitted }: DeferredCall,
  answer: Answer,
): Promise<void> {
  const { head } = answer;
  if (!succeeded(head)) return passOn(answer, call.response);
  await relayMetered(context, call, answer, { asked: false }, (meter) => {
    return (whole) => {
      const known = (meter.done || whole) && meter.runsOn === undefined;
      const outcome = known ? reportedOutcome(context, call, admitted, meter, head.statusCode ?? 0) : undefined;
      if (!outcome) return;
      context.ledger.settle(admitted.id, outcome);
      context.background.forget(admitted.id);
    };
  });
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

async function relay(
  body: Readable,
  response: Reply,
  meter: AnswerMeter,
  settle: Settle,
  head: AnswerHead,
  stop: Interruption,
): Promise<void> {
  const pass = (pieces: readonly Buffer[]) => {
    return after(writeAll(response, pieces), () => {
      stop.idle();
    });
  };
  await eachChunk(body, (chunk) => {
    stop.busy();
    return after(meter.push(chunk), (pieces) => {
      return meter.done ? after(settle(true), () => pass(pieces)) : pass(pieces);
    });
  });
  checkEnd(head);
  stop.busy();
  const rest = await meter.end();
  await settle(isFramed(head));
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
