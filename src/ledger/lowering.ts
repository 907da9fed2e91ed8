import { amountsOf, type Amounts } from '../domain/limit.js';
import { standingOf, type Account, type Room } from './account.js';
import type { Lowering, Quote } from './contract.js';

/** A call that asks for room: its worst case, and the limits that cover it. */
export interface Claim {
  readonly quote: Quote;
  readonly amounts: Amounts;
  readonly accounts: readonly Account[];
  readonly lowering?: Lowering | undefined;
}

/** A call's claim on its accounts, with the lower bounds that it could do with. */
export function claimOf(quote: Quote, accounts: readonly Account[], lowering?: Lowering): Claim {
  return { quote, amounts: amountsOf(quote.hold, quote.hold.cost), accounts, lowering };
}

/**
 * The claim, where one of these rooms is its own or it can do with no less; else at the largest bound that gets such a
 * room, or at the least where none does.
 */
export function lowered(claim: Claim, rooms: ReadonlySet<Room>): Claim {
  const has = ({ accounts, amounts }: Claim) => rooms.has(standingOf(accounts, amounts).room);
  if (!claim.lowering || claim.lowering.least > claim.lowering.most || has(claim)) return claim;
  let { least, most } = claim.lowering;
  let best = atBound(claim, claim.lowering, least);
  while (least <= most) {
    const middle = least + Math.floor((most - least) / 2);
    const tried = atBound(claim, claim.lowering, middle);
    if (has(tried)) [best, least] = [tried, middle + 1];
    else most = middle - 1;
  }
  return best;
}

function atBound({ accounts }: Claim, lowering: Lowering, bound: number): Claim {
  return claimOf(lowering.at(bound), accounts, lowering);
}
