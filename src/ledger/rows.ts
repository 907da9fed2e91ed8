import { breaksBudget } from '../domain/call.js';
import type { Entry } from '../domain/entry.js';
import type { NanoUsd } from '../domain/money.js';

/** What the calls that serve one row have used so far. */
export interface RowUse {
  /** Calls settled. */
  readonly calls: number;
  /** Calls refused. */
  readonly refused: number;
  /** Tokens. */
  readonly input: number;
  readonly output: number;
  readonly cost: NanoUsd;
}

const NOTHING: RowUse = { calls: 0, refused: 0, input: 0, output: 0, cost: 0 };

/** A fold over the run's entries, kept up as they come: what each row has used, and whether the budget held. */
export class RowUses {
  readonly #rows = new Map<string, RowUse>();
  readonly #live = new Map<number, string>();
  #broken = false;

  /** Whether a call was refused for the budget's sake. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Nothing for a row that no call was made for. */
  of(row: string): RowUse {
    return this.#rows.get(row) ?? NOTHING;
  }

  add(entry: Entry): void {
    if (entry.event === 'reserve' && entry.row !== undefined) this.#live.set(entry.id, entry.row);
    else if (entry.event === 'void') this.#live.delete(entry.id);
    else if (entry.event === 'refuse') {
      this.#broken ||= breaksBudget(entry.reason);
      this.#count(entry.row, { ...NOTHING, refused: 1 });
    } else if (entry.event === 'settle') {
      const { input, output } = entry.usage;
      this.#count(this.#live.get(entry.id), { calls: 1, refused: 0, input, output, cost: entry.cost });
      this.#live.delete(entry.id);
    }
  }

  #count(row: string | undefined, use: RowUse): void {
    if (row === undefined) return;
    const { calls, refused, input, output, cost } = this.of(row);
    this.#rows.set(row, {
      calls: calls + use.calls,
      refused: refused + use.refused,
      input: input + use.input,
      output: output + use.output,
      cost: cost + use.cost,
    });
  }
}
