/** Passes on what is not metered: a request as it came, and its answer. */
import type { Pieces } from '../lib/byte-chunks.js';
import type { Exchange, OpenCall } from './call-phases.js';
import { whenGone } from './client-gone.js';
import { passedHeaders, readableEncodings, setHeader } from './headers.js';
import { succeeded, tellReplied, type Answer, type Incoming, type Outgoing } from './message.js';
import { hostName } from './origin.js';
import { laterOutcome } from './outcome.js';
import { sendProblem } from './refusal.js';
import { passOn, relayAnswer } from './relay.js';
import { settleLater } from './settle.js';
import type { Shared } from './shared.js';

/** A request body, read or still to come. */
export type Sendable = Incoming | Pieces;

/** @param call the one that the request asks for, where it asks for one whose work went on */
export async function passThrough(shared: Shared, exchange: Exchange, body: Sendable, call?: OpenCall): Promise<void> {
  const { request, response, target } = exchange;
  const { gone } = whenGone(response, shared.drainMs);
  const result = await shared.forwarder.send(outgoingOf(exchange, body, call !== undefined), gone);
  if ('answer' in result) {
    if (call && succeeded(result.answer.head)) return passLater(shared, exchange, call, result.answer);
    return passOn(result.answer, response);
  }
  request.resume();
  sendProblem(response, 502, `the upstream ${target.name} could not be reached: ${result.error.message}`);
}

/** Passes on what a provider says of a call that it had answered before, which is settled once its use is stated. */
async function passLater(shared: Shared, { response }: Exchange, call: OpenCall, answer: Answer): Promise<void> {
  const { dialect, target, id } = call;
  tellReplied(shared.replied, response, id);
  await relayAnswer(shared.halted, { answer, response, dialect, target, strip: false, facts: {} }, (read) => {
    const outcome = laterOutcome(shared.learned, call, read);
    if (outcome) settleLater(shared, call, outcome);
  });
}

/** @param readable its answer is to be read on the way */
function outgoingOf({ request, head, target }: Exchange, body: Sendable, readable: boolean): Outgoing {
  const passed = passedHeaders(head.rawHeaders);
  const given = readable ? readableEncodings(passed) : passed;
  const headers = target.redirected ? setHeader(given, 'host', hostName(target.origin)) : given;
  const { method = 'GET', httpVersionMajor } = request;
  const { origin } = target;
  return { ...framed(request, headers, body), origin, method, path: head.url, http2: httpVersionMajor > 1 };
}

/**
 * Headers and body of a request that passes as it is. A body must be framed as the client framed it, whatever the
 * method: bytes that follow a request without a length are the next request to the upstream, and nobody metered that.
 */
function framed({ headers }: Incoming, passed: string[], body: Sendable): Pick<Outgoing, 'headers' | 'body'> {
  if (headers['transfer-encoding'] !== undefined) return { headers: [...passed, 'Transfer-Encoding', 'chunked'], body };
  return { headers: passed, body: headers['content-length'] === undefined ? undefined : body };
}
