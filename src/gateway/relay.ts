import type { IncomingMessage, ServerResponse } from 'node:http';
import { NO_USAGE } from '../domain/usage.js';
import { priceOf } from '../domain/rate.js';
import type { Outcome, Quote } from '../ledger/ledger.js';
import { jsonAnswer, streamAnswer, type AnswerMeter } from '../meter/answer.js';
import type { RequestFacts } from '../meter/dialects/dialect.js';
import { answerText } from '../meter/answer-text.js';
import { estimateText } from '../meter/estimate.js';
import { heldOutcome, type MeteredCall } from './call.js';
import type { GatewayContext } from './context.js';
import { passedHeaders } from './headers.js';

/** An admitted call that waits for its settlement. */
export interface AdmittedCall {
  readonly quote: Quote;
  readonly id: number;
  readonly facts: RequestFacts;
  /** Usage was asked for on the client's behalf; what comes of it must not reach the client. */
  readonly strip: boolean;
}

/**
 * Passes an answer on and settles its call before the client has the last of it, so that a program which asks for the
 * budget after a call never reads a stale one. An error answer costs nothing; an answer that breaks off costs its hold.
 */
export async function relayAnswer(
  context: GatewayContext,
  call: MeteredCall,
  admitted: AdmittedCall,
  answer: IncomingMessage,
): Promise<void> {
  const status = answer.statusCode ?? 0;
  if (status >= 400) {
    context.ledger.void(admitted.id, status);
    await passOn(answer, call.response);
    return;
  }
  const encoding = (answer.headers['content-encoding'] ?? '').trim().toLowerCase();
  const streamed = /^text\/event-stream\b/i.test(answer.headers['content-type'] ?? '');
  const strip = streamed && admitted.strip;
  const meter = streamed ? streamAnswer(call.dialect, encoding, strip) : jsonAnswer(call.dialect, encoding);
  const once = settler(context, call, admitted, meter, status);
  writeHead(call.response, answer, strip ? ['content-encoding', 'content-length'] : []);
  try {
    await relay(answer, call.response, meter, once);
  } catch {
    // The upstream broke off: the client must not take what it has for a whole answer.
    await once();
    call.response.destroy();
  }
}

/** Passes an answer on that costs nothing: errors and the free endpoints. */
export async function passOn(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  writeHead(response, answer, []);
  try {
    for await (const chunk of answer) await write(response, chunk as Buffer);
    response.end();
  } catch {
    response.destroy();
  }
}

async function relay(
  answer: IncomingMessage,
  response: ServerResponse,
  meter: AnswerMeter,
  settle: () => Promise<void>,
): Promise<void> {
  for await (const chunk of answer) {
    const pieces = await meter.push(chunk as Buffer);
    if (meter.done) await settle();
    for (const piece of pieces) await write(response, piece);
  }
  const rest = await meter.end();
  await settle();
  for (const piece of rest) await write(response, piece);
  response.end();
}

/** Settles a call at the first call of the function it returns, and not again. */
function settler(
  context: GatewayContext,
  call: MeteredCall,
  admitted: AdmittedCall,
  meter: AnswerMeter,
  status: number,
): () => Promise<void> {
  let settled: Promise<void> | undefined;
  const settle = async () => {
    const outcome = reportedOutcome(context, call, admitted, meter, status);
    context.ledger.settle(admitted.id, outcome ?? (await estimatedOutcome(context, call, admitted, meter, status)));
  };
  return () => (settled ??= settle());
}

function reportedOutcome(
  context: GatewayContext,
  call: MeteredCall,
  { facts }: AdmittedCall,
  meter: AnswerMeter,
  status: number,
): Outcome | undefined {
  if (!meter.reported || !meter.done) return undefined;
  const { usage, model } = meter.reported;
  const card = context.rateOf(call.target.provider, facts.model, model);
  const named = model === undefined || model === facts.model ? {} : { model };
  return { status, ...named, usage, source: 'reported', cost: card ? priceOf(card, usage) : 0 };
}

/** Our own count of a whole answer without usage; the whole hold where the answer is not whole or cannot be read. */
async function estimatedOutcome(
  context: GatewayContext,
  call: MeteredCall,
  { quote, facts }: AdmittedCall,
  meter: AnswerMeter,
  status: number,
): Promise<Outcome> {
  const texts = meter.texts();
  if (texts === undefined || quote.unbounded === 'media') return heldOutcome(quote, status);
  try {
    const [input, output] = await Promise.all([
      context.counter.count(estimateText(call.body.json)),
      context.counter.count(answerText(texts)),
    ]);
    const usage = { ...NO_USAGE, input, output };
    const card = context.rateOf(call.target.provider, facts.model);
    return { status, usage, source: 'estimated', cost: card ? priceOf(card, usage) : 0 };
  } catch {
    return heldOutcome(quote, status);
  }
}

function writeHead(response: ServerResponse, answer: IncomingMessage, without: readonly string[]): void {
  if (response.headersSent || response.destroyed) return;
  response.sendDate = false;
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, passedHeaders(answer.rawHeaders, ...without));
  // An event stream's client waits for the head, not for the first event.
  response.flushHeaders();
}

/** Writes with backpressure; a client that is gone takes everything at once, so that the upstream can be drained. */
function write(response: ServerResponse, chunk: Buffer): Promise<void> | undefined {
  if (response.destroyed || response.write(chunk)) return undefined;
  return new Promise((resolve) => {
    const go = () => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });
}
