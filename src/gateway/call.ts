import { after, type Eventually } from '../lib/eventually.js';
import { admitCall } from './admit.js';
import type { AdmittedCall, AnsweredCall, ArrivedCall, QuotedCall, ReadAnswer } from './call-phases.js';
import { tellReplied } from './message.js';
import { countedOutcome } from './missing-usage.js';
import { endingOf } from './outcome.js';
import { pricesOf } from './price.js';
import { quoteCall } from './quote.js';
import { sendProblem, sendRefusal } from './refusal.js';
import { relayAnswer } from './relay.js';
import { factsOf } from './request-facts.js';
import { sendCall, type Unanswered } from './send.js';
import { settleCall, settleRest, settleUnanswered } from './settle.js';
import type { Shared } from './shared.js';

/**
 * Takes one call from quote to settlement: price its worst case, reserve, forward, meter, settle. A refused call sends
 * no byte upstream; an admitted one ends in exactly one settle or void, whatever breaks.
 */
export async function meterCall(shared: Shared, arrived: ArrivedCall): Promise<void> {
  const ended = shared.inFlight.begin();
  try {
    const admission = await admitCall(shared, quoted(shared, arrived));
    if (admission.admitted) {
      await carryOut(shared, admission.call, ended);
      return;
    }
    tellReplied(shared.replied, arrived.response, admission.id);
    sendRefusal(arrived.response, arrived.dialect, arrived.target.provider, admission.refusal);
  } finally {
    ended();
  }
}

function quoted(shared: Shared, arrived: ArrivedCall): QuotedCall {
  const facts = factsOf(arrived);
  return quoteCall(shared, arrived, { facts, prices: pricesOf(shared, arrived, facts) });
}

/** @param ended told as soon as the call is settled, which may be long before its answer has been passed on */
async function carryOut(shared: Shared, call: AdmittedCall, ended: () => void): Promise<void> {
  tellReplied(shared.replied, call.response, call.id);
  try {
    if (call.gone.fired) settleUnanswered(shared, call, false);
    else await forward(shared, call, ended);
  } finally {
    settleRest(shared, call);
  }
}

async function forward(shared: Shared, call: AdmittedCall, ended: () => void): Promise<void> {
  const sent = await sendCall(shared, call);
  const open = sent.answered ? sent.call : { id: sent.id, quote: call.quote };
  if (open.id !== call.id) tellReplied(shared.replied, call.response, open.id);
  try {
    if (sent.answered)
      await relayAnswer(shared.halted, sent.call, (read) => after(settle(shared, sent.call, read), ended));
    else fail(shared, call, sent);
  } finally {
    settleRest(shared, open);
  }
}

function fail(shared: Shared, { quote, target, response }: AdmittedCall, { id, sent, error }: Unanswered): void {
  settleUnanswered(shared, { id, quote }, sent);
  sendProblem(response, 502, `the upstream ${target.name} could not be reached: ${error.message}`);
}

/** Settles a call by its answer: at once, but where its tokens have to be counted. */
function settle(shared: Shared, call: AnsweredCall, read: ReadAnswer): Eventually<void> {
  const ending = endingOf(shared.learned, call, read);
  if (ending) {
    settleCall(shared, call, ending);
    return undefined;
  }
  return countedOutcome(shared, call, read).then((outcome) => {
    settleCall(shared, call, { kind: 'settle', outcome });
  });
}
