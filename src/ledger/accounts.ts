import { coverageOf, type Covered, type Limit } from '../domain/limit.js';
import type { Snapshot } from '../domain/snapshot.js';
import { openAccount, type Account } from './account.js';

/** Most rows that have an account of their own under one limit, each some 200 bytes of memory. */
const MOST_ROWS = 100_000;

/** Most kinds of call whose limits are remembered: a command may ask for any model. */
const MOST_KNOWN = 1_000;

/** One limit and its accounts: one for all that it covers, or one for each row. */
interface Ledgered {
  readonly limit: Limit;
  readonly covers: (call: Covered) => boolean;
  readonly accountOf: (call: Covered) => Account;
  /** The account to show; of a limit per row that of the row that has used most. */
  readonly shown: () => Account;
}

/** The accounts of a policy's limits. */
export class Accounts {
  readonly #limits: readonly Ledgered[];
  readonly #known = new Map<string, readonly Ledgered[]>();

  constructor(limits: readonly Limit[], mostRows = MOST_ROWS) {
    this.#limits = limits.map((limit) => (limit.scope.kind === 'row' ? byRow(limit, mostRows) : shared(limit)));
  }

  /** Those that a call counts on, in the order of the policy. */
  of(call: Covered): readonly Account[] {
    return this.#covering(call).map(({ accountOf }) => accountOf(call));
  }

  balances(): Snapshot['limits'] {
    return this.#limits.map(({ limit, shown }) => {
      const { settled, held } = shown();
      return { limit, settled, held };
    });
  }

  #covering(call: Covered): readonly Ledgered[] {
    const key = JSON.stringify([call.provider, call.model, call.row !== undefined]);
    const known = this.#known.get(key);
    if (known) return known;
    const covering = this.#limits.filter(({ covers }) => covers(call));
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(key, covering);
    return covering;
  }
}

function shared(limit: Limit): Ledgered {
  const account = openAccount(limit);
  return { limit, covers: coverageOf(limit.scope), accountOf: () => account, shown: () => account };
}

/**
 * An account for each row. Rows past the most that are kept share one: each of them then has less than its ceiling,
 * never more.
 */
function byRow(limit: Limit, mostRows: number): Ledgered {
  const others = openAccount(limit);
  const rows = new Map<string, Account>();
  const accountOf = ({ row = '' }: Covered): Account => {
    const known = rows.get(row) ?? (rows.size < mostRows ? undefined : others);
    if (known) return known;
    const opened = openAccount(limit, others.told);
    rows.set(row, opened);
    return opened;
  };
  return { limit, covers: coverageOf(limit.scope), accountOf, shown: () => mostUsed([others, ...rows.values()]) };
}

function mostUsed(accounts: readonly Account[]): Account {
  return accounts.reduce((most, each) => (each.settled > most.settled ? each : most));
}
