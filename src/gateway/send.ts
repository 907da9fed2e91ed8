/** Sends admitted calls upstream, with the wish for usage where their format needs that. */
import { Readable } from 'node:stream';
import { sizeOf } from '../lib/byte-chunks.js';
import { parseObject, type JsonObject } from '../lib/json.js';
import { ruleFor } from '../meter/billed-failure.js';
import type { AdmittedCall, AnsweredCall } from './call-phases.js';
import { heldOutcome } from './charge.js';
import { isSigned, passedHeaders, readableEncodings, setHeader } from './headers.js';
import { succeeded, type Answer, type AnswerHead, type Forwarded, type Outgoing } from './message.js';
import { hostName } from './origin.js';
import type { Doubt } from './usage-question.js';
import { withMembers } from './set-json-members.js';
import type { Shared } from './shared.js';

/** A call without an answer. */
export interface Unanswered {
  readonly answered: false;
  /** Its number on the ledger, under which it is to be settled. */
  readonly id: number;
  readonly error: Error;
  /** Bytes may have reached the upstream, so it may bill. */
  readonly sent: boolean;
}

/** What came of a call. Where it was sent twice, its number on the ledger may be another one than before. */
export type Sent = { readonly answered: true; readonly call: AnsweredCall } | Unanswered;

/**
 * Sends a call, asking for usage where its format needs that. Who takes the question for an error, in whatever words,
 * gets the call once more without it, and is not asked again. Where the first may have been worked at, it has cost its
 * hold by then, and the second is a call of its own.
 */
export async function sendCall(shared: Shared, call: AdmittedCall): Promise<Sent> {
  const question = questionFor(shared, call);
  const result = await exchange(shared, call, question);
  if (!question || !('answer' in result)) return sentAs(call, result);
  if (isTaken(result.answer.head)) {
    shared.learned.questions.taken(call.target.name, call.facts.model);
    return sentAs(call, result, true);
  }
  return resend(shared, call, result.answer);
}

function sentAs(call: AdmittedCall, result: Forwarded, strip = false): Sent {
  if (!('answer' in result)) return { answered: false, id: call.id, ...result };
  return { answered: true, call: { ...call, answer: result.answer, strip } };
}

/** Told by the outline, and written from the whole: options of the client's stand in it too. */
function questionFor({ learned }: Shared, { target, dialect, body, facts, request }: AdmittedCall) {
  if (isSigned(request) || !learned.questions.mayAsk(target.name, facts.model)) return undefined;
  if (dialect.askForUsage(body.json, target.provider) === undefined) return undefined;
  return dialect.askForUsage(body.whole, target.provider);
}

/** Success, but for errors that some gateways send under a status of 200, as JSON. */
function isTaken(head: AnswerHead): boolean {
  return succeeded(head) && !/json/i.test(head.headers['content-type'] ?? '');
}

/** Decides on an answer that may be an error because of the question. */
async function resend(shared: Shared, call: AdmittedCall, { head, body }: Answer): Promise<Sent> {
  const { questions } = shared.learned;
  const [host, { model }] = [call.target.name, call.facts];
  const start = await startOf(body);
  const error = { head, text: Buffer.concat(start).toString('utf8') };
  const doubt = doubtOf(shared, call, error);
  const asIs = { answer: { head, body: Readable.from(replay(start, body)) } };
  if (doubt === 'none') return sentAs(call, asIs);
  const second = doubt === 'named' ? call : await secondCall(shared, call, error);
  if (second === undefined) return sentAs(call, asIs);
  body.destroy();
  const result = await exchange(shared, second);
  const helped = 'answer' in result && succeeded(result.answer.head);
  if (helped || doubt === 'named') questions.refused(host, model);
  return sentAs(second, result);
}

/** An answer that may be an error, with the start of its body. */
interface Complaint {
  readonly head: AnswerHead;
  readonly text: string;
}

function doubtOf({ learned }: Shared, { target, facts, dialect }: AdmittedCall, { head, text }: Complaint): Doubt {
  const isNamed = dialect.namesUsageWish?.test(text) === true;
  if (!succeeded(head)) return learned.questions.doubt(target.name, facts.model, head, isNamed);
  const answer = parseObject(text);
  return answer?.error != null && answer.choices == null && isNamed ? 'named' : 'none';
}

/** The call as it is sent again; undefined where the first may have cost its hold and no room is left. */
async function secondCall(
  { ledger }: Shared,
  call: AdmittedCall,
  { head, text }: Complaint,
): Promise<AdmittedCall | undefined> {
  const { target, quote, id } = call;
  const { statusCode: status = 0, headers } = head;
  const failure = { provider: target.provider, host: target.name, status, headers, body: parseObject(text) };
  if (!ruleFor(failure).billed) return call;
  ledger.settle(id, heldOutcome(quote, status));
  const decision = await ledger.reserve(quote, call.gone);
  return decision.admitted ? { ...call, id: decision.id } : undefined;
}

function exchange({ forwarder }: Shared, call: AdmittedCall, question?: JsonObject): Promise<Forwarded> {
  const outgoing = outgoingOf(call, question);
  call.body.forget();
  return forwarder.send(outgoing, call.giveUp);
}

/** Most bytes of an error that are searched for what it complains of. */
const ERROR_CAP = 64 * 1024;

/** The first chunks of a body, which stays open for the others; fewer where it breaks off. */
async function startOf(body: Readable): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    const rest: AsyncIterable<Buffer> = body.iterator({ destroyOnReturn: false });
    for await (const chunk of rest) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > ERROR_CAP) break;
    }
  } catch {
    // Whoever reads on meets the same error.
  }
  return chunks;
}

async function* replay(start: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* start;
  yield* rest;
}

/** @param question its answer's usage is asked for on the client's behalf, by these members */
function outgoingOf({ request, head, body, target, members }: AdmittedCall, question?: JsonObject): Outgoing {
  const written = { ...members, ...question };
  const changed = Object.keys(written).length > 0;
  const sent = changed ? [Buffer.from(withMembers(body.text, body.json, written))] : body.raw;
  let headers = passedHeaders(head.rawHeaders, ...(changed ? ['content-encoding'] : []));
  headers = setHeader(headers, 'content-length', String(sizeOf(sent)));
  // A stream that loses a chunk on its way back has to be readable here.
  if (question) headers = setHeader(headers, 'accept-encoding', 'identity');
  else if (!isSigned(request)) headers = readableEncodings(headers);
  if (target.redirected) headers = setHeader(headers, 'host', hostName(target.origin));
  const { method = 'POST', httpVersionMajor } = request;
  return { origin: target.origin, method, path: head.url, headers, body: sent, http2: httpVersionMajor > 1 };
}
