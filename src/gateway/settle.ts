/** Where calls end on the ledger, each in exactly one settle or void, whatever breaks. */
import type { Outcome } from '../ledger/contract.js';
import type { Ending, OpenCall } from './call-phases.js';
import { heldOutcome } from './charge.js';
import type { Shared } from './shared.js';

type Books = Pick<Shared, 'ledger' | 'background'>;

/** Ends a call as its answer says. One whose work goes on keeps its hold, until somebody asks what became of it. */
export function settleCall({ ledger, background }: Books, call: OpenCall, ending: Ending): void {
  if (ending.kind === 'settle') ledger.settle(call.id, ending.outcome);
  else if (ending.kind === 'void') ledger.void(call.id, ending.status);
  else if (background.defer(ending.job, openPartOf(call))) ledger.defer(call.id);
  // Two of one id could not be told apart, so the second costs its hold.
  else ledger.settle(call.id, heldOutcome(call.quote, ending.status));
}

/** Nothing of its body is kept, which may be large. */
function openPartOf({ id, quote, facts, prices, target, path, dialect, asked }: OpenCall): OpenCall {
  return { id, quote, facts, prices, target, path, dialect, asked };
}

/** Ends a call whose work went on, and of which a later answer has told what it used. */
export function settleLater({ ledger, background }: Books, { id }: OpenCall, outcome: Outcome): void {
  ledger.settle(id, outcome);
  background.forget(id);
}

/** Ends a call without an answer. After it was sent, nobody can tell what it used, so that it costs its hold. */
export function settleUnanswered({ ledger }: Books, call: Pick<OpenCall, 'id' | 'quote'>, sent: boolean): void {
  if (sent) ledger.settle(call.id, heldOutcome(call.quote));
  else ledger.void(call.id, 0);
}

/** Makes sure that a call has ended, as it always should have but where its work goes on. */
export function settleRest({ ledger, background }: Books, { id, quote }: Pick<OpenCall, 'id' | 'quote'>): void {
  if (!background.has(id)) ledger.settle(id, heldOutcome(quote));
}

/** Charges in full what nobody has asked for. */
export function settleBackground({ ledger, background }: Books): void {
  background.end(({ id, quote }) => {
    ledger.settle(id, heldOutcome(quote, 200));
  });
}
