import { classify } from '../meter/classify.js';
import { pathOf } from '../meter/request-path.js';
import type { Dialect } from '../meter/dialects/dialect.js';
import { dearTermsOf } from '../meter/service-terms.js';
import type { Decision } from '../ledger/contract.js';
import { meterCall } from './call.js';
import type { Exchange } from './call-phases.js';
import { whenGone } from './client-gone.js';
import { purposeIn } from './headers.js';
import { tellReplied, type Incoming } from './message.js';
import { passThrough, type Sendable } from './pass-through.js';
import { sendProblem, sendRefusal } from './refusal.js';
import { BodyTooLarge, isReadable, readBody, type RequestBody } from './request-body.js';
import type { Shared } from './shared.js';
import type { Target } from './target.js';

/** Meters a call, passes on what is free, and refuses what would spend unseen. */
export async function handleRequest(shared: Shared, asked: Omit<Exchange, 'path'>): Promise<void> {
  const { request, target } = asked;
  const exchange = { ...asked, path: pathOf(request.url ?? '') };
  const kind = classify(request.method ?? '', request.url ?? '', target.provider, target.dialect, shared.formats);
  // What a server may take for another method than the one that was classified.
  if (request.headers['x-http-method-override'] !== undefined) return handleUnmetered(shared, exchange, request);
  if (kind.kind === 'call') return handleCall(shared, exchange, kind.dialect);
  if (kind.kind === 'free') return handleFree(shared, exchange);
  return handleUnmetered(shared, exchange, request);
}

/** What is free may still tell what a call has cost that was answered before. */
async function handleFree(shared: Shared, exchange: Exchange): Promise<void> {
  const { background, ledger } = shared;
  const call = background.askedFor(exchange.target.name, exchange.path);
  if (!call) return passThrough(shared, exchange, exchange.request);
  return background.whileAsked(ledger, call, () => passThrough(shared, exchange, exchange.request, call));
}

/** Records a request that was refused because nothing would tell what it costs. */
export function refuseUnmetered({ ledger }: Pick<Shared, 'ledger'>, target: Target, request: Incoming): Decision {
  const named = { provider: target.provider.name, host: target.name, model: '' };
  const call = { ...named, ...purposeIn(request), dialect: null };
  return ledger.refuse({ ...call, hold: { input: 0, output: 0, cost: 0 } }, 'unmetered');
}

async function handleCall(shared: Shared, exchange: Exchange, dialect: Dialect): Promise<void> {
  const body = await bodyOf(exchange, dialect.forms === true);
  if (!body) return;
  if (!isReadable(body)) return handleUnmetered(shared, exchange, body.raw);
  const asked = dearTermsOf(shared.formats, body.json, exchange.request.headers);
  const leaving = whenGone(exchange.response, shared.drainMs);
  await meterCall(shared, { ...exchange, at: shared.now(), dialect, body, asked, ...leaving });
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
async function handleUnmetered(shared: Shared, exchange: Exchange, body: Sendable): Promise<void> {
  const { request, response, target } = exchange;
  if (shared.policy.onExceed === 'warn' && shared.policy.metering === 'known') {
    shared.notice('unmetered', `some requests to ${target.name} cannot be metered and were sent unmetered`);
    return passThrough(shared, exchange, body);
  }
  // The client reads its answer only after it could send its request.
  request.resume();
  const decision = refuseUnmetered(shared, target, request);
  tellReplied(shared.replied, response, decision.id);
  const dialect = shared.formats.spokenAt(target.provider);
  if (!decision.admitted) sendRefusal(response, dialect, target.provider, decision.refusal);
}
