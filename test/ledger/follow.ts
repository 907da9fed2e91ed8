import { vi } from 'vitest';
import { Latch } from '../../src/lib/one-shot-signal.js';
import { amountsOf, type Covered } from '../../src/domain/limit.js';
import { usageOf } from '../../src/domain/usage.js';
import type { Decision, Quote } from '../../src/ledger/contract.js';
import type { MemoryLedger } from '../../src/ledger/ledger.js';
import { compare, type Observed } from './compare.js';
import { Fold } from './fold.js';
import { ReferenceLedger, type ReferenceCall } from './reference.js';
import type { Schedule, Step } from './schedules.js';

const IN_FLIGHT = 40;

/**
 * Runs a schedule on a ledger and on the reference, and compares them after each step; throws at the first difference.
 * Needs vitest's fake timers for setTimeout and Date.
 */
export async function follow(Ledger: typeof MemoryLedger, plan: Schedule): Promise<void> {
  vi.setSystemTime(0);
  vi.clearAllTimers();
  const run = new Run(Ledger, plan);
  for (const each of plan.steps) await run.take(each);
  await run.drain();
}

class Run {
  readonly #plan: Schedule;
  readonly #reference: ReferenceLedger;
  readonly #ledger: MemoryLedger;
  readonly #fold = new Fold();
  readonly #observed: Observed[] = [];
  #broken = false;

  constructor(Ledger: typeof MemoryLedger, plan: Schedule) {
    const { limits, onExceed, warnAt, waitMs } = plan;
    this.#plan = plan;
    this.#reference = new ReferenceLedger(limits, onExceed === 'warn', waitMs);
    const record = (entry: Parameters<Fold['apply']>[0]) => {
      if (this.#broken) throw new Error('disk full');
      this.#fold.apply(entry);
    };
    this.#ledger = new Ledger({ limits, onExceed, warnAt, waitMs, record, now: Date.now });
  }

  async take(step: Step): Promise<void> {
    this.#act(step);
    // Decisions arrive by promises, and a failed write reaches those who wait a few ticks later.
    for (let tick = 0; tick < 6; tick += 1) await Promise.resolve();
    compare(
      this.#plan,
      this.#ledger.snapshot(),
      this.#reference,
      this.#observed,
      this.#broken ? undefined : this.#fold,
    );
  }

  /** Ends all that is still open, after which nothing may be held. */
  async drain(): Promise<void> {
    await this.take({ do: 'advance', ms: 2000 });
    const open = this.#observed.filter(({ call }) => call.state === 'live').length;
    for (let each = 0; each < open; each += 1)
      await this.take({ do: each % 2 ? 'void' : 'settle', pick: each, part: 50 });
    const { inFlight, waiting, limits } = this.#ledger.snapshot();
    if (inFlight + waiting + limits.reduce((sum, { held }) => sum + held, 0) !== 0) throw new Error('a hold leaked');
  }

  #act(step: Step): void {
    if (step.do === 'reserve') this.#reserve(step);
    else if (step.do === 'advance') this.#advance(step.ms);
    else if ('pick' in step) this.#end(step);
    else if (step.do === 'refuse') this.#refuse();
    else if (step.do === 'stop') {
      this.#ledger.stop();
      this.#reference.stop();
    } else {
      this.#broken = true;
      this.#reference.broken = true;
    }
  }

  #reserve({ provider, model, row, least, input, output, cost, gone }: Extract<Step, { do: 'reserve' }>): void {
    if (this.#observed.filter(({ call }) => call.state === 'live' || call.state === 'waiting').length >= IN_FLIGHT)
      return;
    const named = { provider, model, ...(row === undefined ? {} : { row }) };
    const holdAt = (bound: number) => ({ input, output: bound, cost: Math.ceil((cost * bound) / Math.max(1, output)) });
    const lowering = {
      least: least ?? output,
      most: output - 1,
      at: (bound: number) => quoteFor(named, holdAt(bound)),
    };
    const bounds = Array.from({ length: Math.max(0, output - lowering.least) }, (_, step) => output - 1 - step);
    const quote = quoteFor(named, { input, output, cost });
    const asked = { ...named, worst: amountsOf({ input, output }, cost) };
    const smaller = bounds.map((bound) => amountsOf(holdAt(bound), holdAt(bound).cost));
    if (this.#ledger.fits(quote) !== this.#reference.wouldAdmit(asked)) throw new Error('fits() is wrong');
    const leaving = new Latch();
    if (gone) leaving.fire();
    const decided = this.#ledger.reserve(quote, leaving, least === undefined ? undefined : lowering);
    const observed: Observed = {
      call: this.#reference.reserve(asked, smaller, Date.now(), gone),
      abort: () => {
        leaving.fire();
      },
      decision: undefined,
    };
    this.#observed.push(observed);
    void decided.then((decision: Decision) => {
      observed.decision = decision;
    });
  }

  #end({ do: act, pick, part }: Extract<Step, { pick: number }>): void {
    const state: ReferenceCall['state'][] =
      act === 'abort' ? ['waiting'] : act === 'repeat' ? ['settled', 'voided', 'refused'] : ['live'];
    const able = this.#observed.filter(({ call }) => state.includes(call.state));
    const chosen = able[pick % Math.max(1, able.length)];
    if (!chosen) return;
    if (act === 'abort') {
      chosen.abort();
      this.#reference.abort(chosen.call);
      return;
    }
    const id = chosen.decision?.id ?? 0;
    if (act === 'defer' || act === 'resume') {
      this.#ledger[act](id);
      this.#reference.defer(chosen.call, act === 'defer');
      return;
    }
    const of = (amount: number) => Math.ceil((amount * part) / 100);
    const { input_tokens: input, output_tokens: output, cost_usd: cost } = chosen.call.worst;
    const usage = usageOf({ input: of(input), output: of(output) });
    const outcome = { status: 200, usage, source: 'reported', cost: of(cost) } as const;
    if (act === 'repeat' && part % 4 > 1) this.#ledger[part % 2 ? 'defer' : 'resume'](id);
    else if (act === 'void' || (act === 'repeat' && part % 2)) this.#ledger.void(id, 500);
    else this.#ledger.settle(id, outcome);
    if (act !== 'repeat') this.#reference.end(chosen.call, act === 'void' ? undefined : amountsOf(usage, of(cost)));
  }

  #advance(ms: number): void {
    vi.advanceTimersByTime(ms);
    this.#reference.advance(Date.now());
  }

  #refuse(): void {
    this.#ledger.refuse(
      quoteFor({ provider: 'openai', model: 'gpt-4o' }, { input: 1, output: 1, cost: 1 }),
      'unmetered',
    );
    this.#reference.refuseOther();
  }
}

function quoteFor(call: Covered, hold: Quote['hold']): Quote {
  return { ...call, host: 'api.openai.com', dialect: 'openai-chat', hold, rate: 'table' };
}
