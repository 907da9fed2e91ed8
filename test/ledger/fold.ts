import type { Entry, ReserveEntry } from '../../src/domain/entry.js';
import { amountsOf, NOTHING, type Amounts } from '../../src/domain/limit.js';

/** What a journal says, read entry by entry; throws where a reservation ends twice or without having begun. */
export class Fold {
  readonly live = new Map<number, ReserveEntry>();
  readonly #ids = new Set<number>();
  readonly notices: string[] = [];
  settled: Amounts = NOTHING;
  refused = 0;

  apply(entry: Entry): void {
    if (entry.event === 'reserve' || entry.event === 'refuse') {
      if (this.#ids.has(entry.id)) throw new Error(`call ${entry.id} was decided twice`);
      this.#ids.add(entry.id);
    }
    if (entry.event === 'reserve') this.live.set(entry.id, entry);
    if (entry.event === 'refuse') this.refused += 1;
    if (entry.event === 'notice') this.notices.push(`${entry.code} ${entry.limit?.scope} ${entry.limit?.dimension}`);
    if (entry.event !== 'settle' && entry.event !== 'void') return;
    if (!this.live.delete(entry.id)) throw new Error(`call ${entry.id} ended without being in flight`);
    if (entry.event === 'settle') this.settled = sum([this.settled, amountsOf(entry.usage, entry.cost)]);
  }

  get held(): Amounts {
    return sum([...this.live.values()].map(({ hold }) => amountsOf(hold, hold.cost)));
  }
}

function sum(all: readonly Amounts[]): Amounts {
  return all.reduce<Amounts>(
    (total, each) => ({
      tokens: total.tokens + each.tokens,
      input_tokens: total.input_tokens + each.input_tokens,
      output_tokens: total.output_tokens + each.output_tokens,
      calls: total.calls + each.calls,
      cost_usd: total.cost_usd + each.cost_usd,
    }),
    NOTHING,
  );
}
