import { Latch, type Signal } from '../lib/one-shot-signal.js';
import { classify } from '../meter/classify.js';
import type { Dialect } from '../meter/dialects/dialect.js';
import { dialectSpokenAt } from '../meter/dialects/index.js';
import type { Pieces } from '../lib/byte-chunks.js';
import { dearTermsOf } from '../meter/service-terms.js';
import type { Decision } from '../ledger/ledger.js';
import type { DeferredCall } from './background.js';
import { BodyTooLarge, isReadable, readBody, type RequestBody } from './body.js';
import { meterCall } from './call.js';
import type { GatewayContext } from './context.js';
import { passedHeaders, readableEncodings, setHeader } from './headers.js';
import type { Incoming, Reply } from './message.js';
import { purposeIn } from './purpose.js';
import { sendProblem, sendRefusal } from './refusal.js';
import { passOn, relayLater } from './relay.js';
import type { Target } from './route.js';
import { hostHeader } from './send.js';

/** A request that has shown the run's secret, and where it is going. */
export interface Exchange {
  readonly request: Incoming;
  readonly response: Reply;
  readonly target: Target;
}

/** A request body, read or still to come. */
type Sendable = Incoming | Pieces;

/** Meters a call, passes on what is free, and refuses what would spend unseen. */
export async function handleRequest(context: GatewayContext, exchange: Exchange): Promise<void> {
  const { request, target } = exchange;
  const kind = classify(request.method ?? '', request.url ?? '', target.provider, target.dialect);
  // What a server may take for another method than the one that was classified.
  if (request.headers['x-http-method-override'] !== undefined) return handleUnmetered(context, exchange, request);
  if (kind.kind === 'call') return handleCall(context, exchange, kind.dialect);
  if (kind.kind === 'free') return handleFree(context, exchange);
  return handleUnmetered(context, exchange, request);
}

/** What is free may still tell what a call has cost that was answered before. */
async function handleFree(context: GatewayContext, exchange: Exchange): Promise<void> {
  const { background, ledger } = context;
  const deferred = background.askedFor(exchange.target, exchange);
  const pass = () => passThrough(context, exchange, exchange.request, deferred);
  return deferred ? background.whileAsked(ledger, deferred, pass) : pass();
}

/** Records a request that was refused because nothing would tell what it costs. */
export function refuseUnmetered(context: GatewayContext, target: Target, request: Incoming): Decision {
  const named = { provider: target.provider, host: target.name, model: '' };
  const call = { ...named, ...purposeIn(request), dialect: null };
  return context.ledger.refuse({ ...call, hold: { input: 0, output: 0, cost: 0 } }, 'unmetered');
}

async function handleCall(context: GatewayContext, exchange: Exchange, dialect: Dialect): Promise<void> {
  const body = await bodyOf(exchange, dialect.forms === true);
  if (!body) return;
  if (!isReadable(body)) return handleUnmetered(context, exchange, body.raw);
  const { request, response, target } = exchange;
  const { gone, giveUp } = whenGone(response, context.drainMs);
  const asked = dearTermsOf(body.json, request.headers);
  await meterCall(context, { request, response, target, dialect, at: context.now(), body, asked, gone, giveUp });
}

async function bodyOf({ request, response }: Exchange, forms: boolean): Promise<RequestBody | undefined> {
  try {
    return await readBody(request, forms);
  } catch (error) {
    if (error instanceof BodyTooLarge) sendProblem(response, 413, error.message);
    else response.destroy();
    return undefined;
  }
}

/** Under `warn`, and no word of strictness, the spend is at least named; otherwise the request is not sent. */
async function handleUnmetered(context: GatewayContext, exchange: Exchange, body: Sendable): Promise<void> {
  const { request, response, target } = exchange;
  if (context.policy.onExceed === 'warn' && context.policy.metering === 'known') {
    context.notice('unmetered', `some requests to ${target.name} cannot be metered and were sent unmetered`);
    return passThrough(context, exchange, body);
  }
  // The client reads its answer only after it could send its request.
  request.resume();
  const decision = refuseUnmetered(context, target, request);
  const dialect = dialectSpokenAt(target.provider);
  if (!decision.admitted) sendRefusal(response, dialect, target.provider, decision.refusal);
}

/** @param deferred the call that the request asks for, where it asks for one */
async function passThrough(
  context: GatewayContext,
  exchange: Exchange,
  body: Sendable,
  deferred?: DeferredCall,
): Promise<void> {
  const { request, response, target } = exchange;
  const given = passedHeaders(request.rawHeaders);
  const passed = deferred ? readableEncodings(given) : given;
  const headers = target.redirected ? setHeader(passed, 'host', hostHeader(target)) : passed;
  const { method = 'GET', url: path = '/' } = request;
  const outgoing = {
    ...framed(request, headers, body),
    origin: target.origin,
    method,
    path,
    http2: request.httpVersionMajor > 1,
  };
  const result = await context.forwarder.send(outgoing, whenGone(response, context.drainMs).gone);
  if ('answer' in result && deferred) return relayLater(context, deferred, result.answer);
  if ('answer' in result) return passOn(result.answer, response);
  request.resume();
  sendProblem(response, 502, `the upstream ${target.name} could not be reached: ${result.error.message}`);
}

/**
 * Headers and body of a request that passes as it is. A body must be framed as the client framed it, whatever the
 * method: bytes that follow a request without a length are the next request to the upstream, and nobody metered that.
 */
function framed({ headers }: Incoming, passed: string[], body: Sendable) {
  if (headers['transfer-encoding'] !== undefined) return { headers: [...passed, 'Transfer-Encoding', 'chunked'], body };
  return { headers: passed, body: headers['content-length'] === undefined ? undefined : body };
}

/** Signals for the client's going away before it has its answer, and for the end of the time that follows. */
function whenGone(response: Reply, drainMs: number): { gone: Signal; giveUp: Signal } {
  const gone = new Latch();
  const giveUp = new Latch();
  const leave = () => {
    if (response.writableFinished) return;
    gone.fire();
    setTimeout(() => {
      giveUp.fire();
    }, drainMs).unref();
  };
  if (response.destroyed) leave();
  else response.once('close', leave);
  return { gone, giveUp };
}
