/** Sends admitted calls upstream, with the wish for usage where their format needs that. */
import { Readable } from 'node:stream';
import { ruleFor } from '../meter/failure.js';
import { parseObject, type JsonObject } from '../lib/json.js';
import { sizeOf } from '../lib/byte-chunks.js';
import type { GatewayContext } from './context.js';
import { isSigned, passedHeaders, readableEncodings, setHeader } from './headers.js';
import { withMembers } from './set-json-members.js';
import type { AnswerHead, Forwarded, Outgoing } from './message.js';
import { heldOutcome, type AdmittedCall, type MeteredCall } from './metered.js';
import type { Doubt } from './questions.js';
import type { Answer } from './relay.js';
import type { Target } from './route.js';

type Unanswered = Exclude<Forwarded, { answer: unknown }>;

/** What came of a call: `id` is that on the ledger under which it is to be settled, and `strip` as for AdmittedCall. */
export type Sent =
  (Unanswered & { readonly id: number }) | { readonly answer: Answer; readonly id: number; readonly strip: boolean };

/**
 * Sends a call, asking for usage where its format needs that. Who takes the question for an error, in whatever words,
 * gets the call once more without it, and is not asked again. Where the first may have been worked at, it has cost its
 * hold by then, and the second is a call of its own.
 */
export async function sendCall(
  context: GatewayContext,
  call: MeteredCall,
  admitted: Pick<AdmittedCall, 'id' | 'quote' | 'facts'>,
  bound: JsonObject,
): Promise<Sent> {
  const { id } = admitted;
  const question = questionFor(context, call, admitted.facts.model);
  const result = await exchange(context, call, { ...bound, ...question }, question !== undefined);
  if (!('answer' in result)) return { ...result, id };
  if (!question) return { answer: result.answer, id, strip: false };
  if (isTaken(result.answer.head)) {
    context.questions.taken(call.target.name, admitted.facts.model);
    return { answer: result.answer, id, strip: true };
  }
  return resend(context, call, admitted, bound, result.answer);
}

/** Told by the outline, and written from the whole: options of the client's stand in it too. */
function questionFor({ questions }: GatewayContext, call: MeteredCall, model: string): JsonObject | undefined {
  const { target, dialect, body } = call;
  if (isSigned(call.request) || !questions.mayAsk(target.name, model)) return undefined;
  if (dialect.askForUsage(body.json, target.provider) === undefined) return undefined;
  return dialect.askForUsage(body.whole, target.provider);
}

/** Success, but for errors that some gateways send under a status of 200, as JSON. */
function isTaken({ statusCode = 0, headers }: AnswerHead): boolean {
  return statusCode < 300 && !/json/i.test(headers['content-type'] ?? '');
}

/** Decides on an answer that may be an error because of the question. */
async function resend(
  context: GatewayContext,
  call: MeteredCall,
  admitted: Pick<AdmittedCall, 'id' | 'quote' | 'facts'>,
  bound: JsonObject,
  { head, body }: Answer,
): Promise<Sent> {
  const host = call.target.name;
  const { model } = admitted.facts;
  const start = await startOf(body);
  const text = Buffer.concat(start).toString('utf8');
  const doubt = doubtOf(context, call, model, head, text);
  const asIs = { answer: { head, body: Readable.from(replay(start, body)) }, id: admitted.id, strip: false };
  if (doubt === 'none') return asIs;
  const id = doubt === 'named' ? admitted.id : await idForSecond(context, call, admitted, head, text);
  if (id === undefined) return asIs;
  body.destroy();
  const second = await exchange(context, call, bound, false);
  const helped = 'answer' in second && (second.answer.head.statusCode ?? 0) < 300;
  if (helped || doubt === 'named') context.questions.refused(host, model);
  return 'answer' in second ? { answer: second.answer, id, strip: false } : { ...second, id };
}

function doubtOf(
  { questions }: GatewayContext,
  { target, dialect }: MeteredCall,
  model: string,
  head: AnswerHead,
  start: string,
): Doubt {
  const isNamed = dialect.namesUsageWish?.test(start) === true;
  if ((head.statusCode ?? 0) >= 300) return questions.doubt(target.name, model, head, isNamed);
  const answer = parseObject(start);
  return answer?.error != null && answer.choices == null && isNamed ? 'named' : 'none';
}

/** The id under which a second call is settled; undefined where the first may have cost its hold and no room is left. */
async function idForSecond(
  { ledger }: GatewayContext,
  { target, gone }: MeteredCall,
  { id, quote }: Pick<AdmittedCall, 'id' | 'quote'>,
  { statusCode: status = 0, headers }: AnswerHead,
  start: string,
): Promise<number | undefined> {
  const { provider, name: host } = target;
  if (!ruleFor({ provider, host, status, headers, body: parseObject(start) }).billed) return id;
  ledger.settle(id, heldOutcome(quote, status));
  const decision = await ledger.reserve(quote, gone);
  return decision.admitted ? decision.id : undefined;
}

function exchange(context: GatewayContext, call: MeteredCall, members: JsonObject, asked: boolean) {
  const outgoing = outgoingOf(call, members, asked);
  call.body.forget();
  return context.forwarder.send(outgoing, call.giveUp);
}

/** Most bytes of an error that are searched for what it complains of. */
const ERROR_CAP = 64 * 1024;

/** The first chunks of a body, which stays open for the others; fewer where it breaks off. */
async function startOf(body: Readable): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > ERROR_CAP) break;
    }
  } catch {
    // Whoever reads on meets the same error.
  }
  return chunks;
}

async function* replay(start: readonly Buffer[], rest: Readable): AsyncGenerator<Buffer> {
  yield* start;
  for await (const chunk of rest) yield chunk as Buffer;
}

function outgoingOf(call: MeteredCall, members: JsonObject, identity: boolean): Outgoing {
  const { request, body, target } = call;
  const changed = Object.keys(members).length > 0;
  const sent = changed ? [Buffer.from(withMembers(body.text, body.json, members))] : body.raw;
  let headers = passedHeaders(request.rawHeaders, ...(changed ? ['content-encoding'] : []));
  headers = setHeader(headers, 'content-length', String(sizeOf(sent)));
  // A stream that loses a chunk on its way back has to be readable here.
  if (identity) headers = setHeader(headers, 'accept-encoding', 'identity');
  else if (!isSigned(request)) headers = readableEncodings(headers);
  if (target.redirected) headers = setHeader(headers, 'host', hostHeader(target));
  const { method = 'POST', url: path = '/', httpVersionMajor } = request;
  return { origin: target.origin, method, path, headers, body: sent, http2: httpVersionMajor > 1 };
}

export function hostHeader({ origin }: Target): string {
  const standard = origin.port === (origin.scheme === 'https' ? 443 : 80);
  return standard ? origin.host : `${origin.host}:${origin.port}`;
}
