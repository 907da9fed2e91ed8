/** How a call ends on the ledger once its answer has, or has broken off. */
import type { Eventually } from '../lib/eventually.js';
import type { AnswerMeter } from '../meter/answer.js';
import { ruleFor } from '../meter/failure.js';
import type { GatewayContext } from './context.js';
import type { AnswerHead } from './message.js';
import { heldOutcome, type AdmittedCall, type MeteredCall, type SentCall } from './metered.js';
import { estimatedOutcome } from './estimated.js';
import { reportedOutcome, requestedOutcome } from './outcome.js';

/** Settles a call, told whether its answer is whole. */
export type Settle = (whole: boolean) => Eventually<void>;

/**
 * Settles a call at the first call of the function it returns, and not again. It is told whether the answer is whole:
 * then usage counts even where the format's own last word is missing.
 */
export function settler(
  context: GatewayContext,
  call: MeteredCall,
  admitted: AdmittedCall,
  meter: AnswerMeter,
  head: AnswerHead,
): Settle {
  const status = head.statusCode ?? 0;
  const settle = (whole: boolean): Eventually<void> => {
    if (meter.runsOn !== undefined && succeeded(head)) {
      keep(context, call, admitted, meter.runsOn, status);
      return undefined;
    }
    const reported = meter.done || whole ? reportedOutcome(context, call, admitted, meter, status) : undefined;
    const requested = whole && succeeded(head) ? requestedOutcome(context, call, admitted, status) : undefined;
    const known = reported ?? requested;
    if (known) context.ledger.settle(admitted.id, known);
    else if (!succeeded(head)) settleFailure(context, call, admitted, meter, head);
    else
      return estimatedOutcome(context, call, admitted, meter, status).then((outcome) => {
        context.ledger.settle(admitted.id, outcome);
      });
    return undefined;
  };
  let settled: { readonly end: Eventually<void> } | undefined;
  return (whole) => (settled ??= { end: settle(whole) }).end;
}

export function succeeded({ statusCode = 0 }: AnswerHead): boolean {
  return statusCode < 300;
}

/** Keeps the hold of a call whose work goes on; two of one id could not be told apart, so the second costs its hold. */
function keep(context: GatewayContext, call: SentCall, admitted: AdmittedCall, runsOn: string, status: number): void {
  if (context.background.defer(runsOn, { call, admitted })) {
    context.ledger.defer(admitted.id);
    return;
  }
  context.ledger.settle(admitted.id, heldOutcome(admitted.quote, status));
}

/** An error after work is not free, and one before it is: the provider's own words tell them apart. */
function settleFailure(
  { ledger }: GatewayContext,
  { target }: SentCall,
  { id, quote }: AdmittedCall,
  meter: AnswerMeter,
  head: AnswerHead,
): void {
  const { provider, name: host } = target;
  const { statusCode: status = 0, headers } = head;
  const { billed, fee = 0 } = ruleFor({ provider, host, status, headers, body: meter.object });
  const held = heldOutcome(quote, status);
  if (billed) ledger.settle(id, { ...held, cost: Math.max(held.cost, fee) });
  else ledger.void(id, status);
}
