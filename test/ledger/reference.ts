import { DIMENSIONS, NOTHING, type Amounts, type Limit } from '../../src/domain/limit.js';

/** A call of a schedule as the reference sees it. */
export interface ReferenceCall {
  readonly model: string;
  readonly worst: Amounts;
  readonly since: number;
  state: 'waiting' | 'live' | 'settled' | 'voided' | 'refused';
  reason?: string;
  /** Places in the list of limits, any of which a refusal may name. */
  named?: readonly number[];
  used?: Amounts;
}

const COVERS: Readonly<Record<string, (model: string) => boolean>> = {
  'gpt-*': (model) => model.startsWith('gpt-'),
  '*mini': (model) => model.endsWith('mini'),
  claude: (model) => model === 'claude',
};

/** The patterns and models that schedules use. */
export const PATTERNS = Object.keys(COVERS);
export const MODELS = ['gpt-4o', 'gpt-mini', 'claude', 'claude-mini'];

/**
 * The ledger's rules in their plainest form: no balances, no marks, every question answered by going through all calls
 * from the start. Slow, and meant to be read beside the rules rather than beside the ledger.
 */
export class ReferenceLedger {
  readonly calls: ReferenceCall[] = [];
  broken = false;
  #stopped = false;
  #others = 0;
  readonly #limits: readonly Limit[];
  readonly #warn: boolean;
  readonly #waitMs: number;

  constructor(limits: readonly Limit[], warn: boolean, waitMs: number) {
    this.#limits = limits;
    this.#warn = warn;
    this.#waitMs = waitMs;
  }

  /** What one limit has on it from the calls in a state; of a limit per call, the largest settled one. */
  balance(limit: Limit, state: 'live' | 'settled'): number {
    const own = this.calls
      .filter((call) => call.state === state && covers(limit, call))
      .map((call) => (call.used ?? call.worst)[limit.dimension]);
    if (limit.scope.kind === 'call') return state === 'live' ? 0 : Math.max(0, ...own);
    return own.reduce((sum, each) => sum + each, 0);
  }

  /** How much more than their holds the calls on a limit have cost. */
  overshoot(limit: Limit): number {
    return this.calls
      .filter((call) => covers(limit, call))
      .reduce(
        (sum, { used, worst }) => sum + Math.max(0, (used ?? NOTHING)[limit.dimension] - worst[limit.dimension]),
        0,
      );
  }

  total(state: 'live' | 'settled'): Amounts {
    const sum = { ...NOTHING };
    for (const call of this.calls.filter((each) => each.state === state)) {
      for (const dimension of DIMENSIONS) sum[dimension] += (call.used ?? call.worst)[dimension];
    }
    return sum;
  }

  get refused(): number {
    return this.calls.filter((call) => call.state === 'refused').length + this.#others;
  }

  get waiting(): ReferenceCall[] {
    return this.calls.filter((call) => call.state === 'waiting');
  }

  wouldAdmit(model: string, worst: Amounts): boolean {
    return !this.#stopped && (this.#warn || this.#standing({ model, worst }, this.waiting).reason === 'fits');
  }

  reserve(model: string, worst: Amounts, since: number, gone: boolean): ReferenceCall {
    const ahead = this.waiting;
    const call: ReferenceCall = { model, worst, since, state: 'waiting' };
    this.calls.push(call);
    this.#decide(call, ahead);
    if (call.state === 'waiting' && gone) this.#giveUp(call, 'abandoned', ahead);
    this.#endStep();
    return call;
  }

  refuseOther(): void {
    this.#others += 1;
    this.#write();
    this.#endStep();
  }

  end(call: ReferenceCall, used: Amounts | undefined): void {
    if (call.state !== 'live') return;
    call.state = used ? 'settled' : 'voided';
    if (used) call.used = used;
    this.#write();
    this.#review();
  }

  abort(call: ReferenceCall, reason = 'abandoned'): void {
    if (call.state !== 'waiting') return;
    this.#giveUp(call, reason, this.#aheadOf(call));
    this.#review();
  }

  stop(): void {
    this.#stopped = true;
    this.#review();
  }

  /** Lets time come to `now`: whoever's wait has lasted gives up, the earliest first. */
  advance(now: number): void {
    for (;;) {
      const late = this.waiting.find((call) => call.since + this.#waitMs <= now);
      if (!late) return;
      this.abort(late, 'held');
    }
  }

  #giveUp(call: ReferenceCall, reason: string, ahead: readonly ReferenceCall[]): void {
    refuse(call, reason, this.#blocks(call, ahead));
    this.#write();
  }

  #review(): void {
    for (const call of this.waiting) this.#decide(call, this.#aheadOf(call));
    this.#endStep();
  }

  #endStep(): void {
    if (this.#stopped) for (const call of this.waiting) refuse(call, 'stopped', []);
  }

  #aheadOf(call: ReferenceCall): ReferenceCall[] {
    return this.waiting.slice(0, this.waiting.indexOf(call));
  }

  #decide(call: ReferenceCall, ahead: readonly ReferenceCall[]): void {
    const { reason, named } = this.#stopped ? { reason: 'stopped', named: [] } : this.#standing(call, ahead);
    if (reason === 'fits' || (this.#warn && !this.#stopped)) {
      this.#write();
      if (this.#stopped) refuse(call, 'stopped', []);
      else call.state = 'live';
    } else if (reason !== 'held') {
      refuse(call, reason, named);
      this.#write();
    }
  }

  #standing(call: Pick<ReferenceCall, 'model' | 'worst'>, ahead: readonly ReferenceCall[]) {
    const on = this.#limits.filter((limit) => covers(limit, call) && call.worst[limit.dimension] > 0);
    const large = on.find((limit) => call.worst[limit.dimension] > limit.ceiling);
    if (large) return { reason: 'call_too_large', named: [this.#limits.indexOf(large)] };
    const sums = on.filter((limit) => limit.scope.kind !== 'call');
    const full = sums.find((limit) => this.balance(limit, 'settled') + call.worst[limit.dimension] > limit.ceiling);
    if (full) return { reason: 'exhausted', named: [this.#limits.indexOf(full)] };
    const named = this.#blocks(call, ahead);
    return { reason: named.length > 0 ? 'held' : 'fits', named };
  }

  /** Limits that a call must wait for: no room, someone ahead waits for it, or the first in line needs what is left. */
  #blocks(call: Pick<ReferenceCall, 'model' | 'worst'>, ahead: readonly ReferenceCall[]): number[] {
    const used = this.#limits.map((limit) => this.balance(limit, 'settled') + this.balance(limit, 'live'));
    const awaited = new Set<number>();
    const blocking = (each: Pick<ReferenceCall, 'model' | 'worst'>, first: ReferenceCall | undefined) =>
      [...this.#limits.keys()].filter((place) => {
        const [own, kept] = [this.#demand(place, each), first ? this.#demand(place, first) : 0];
        return own > 0 && (awaited.has(place) || (used[place] ?? 0) + kept + own > (this.#limits[place]?.ceiling ?? 0));
      });
    for (const [at, each] of ahead.entries()) {
      for (const place of blocking(each, at > 0 ? ahead[0] : undefined)) awaited.add(place);
    }
    return blocking(call, ahead[0]);
  }

  /** What a call adds to the sum of one limit. */
  #demand(place: number, call: Pick<ReferenceCall, 'model' | 'worst'>): number {
    const limit = this.#limits[place];
    return limit && limit.scope.kind !== 'call' && covers(limit, call) ? call.worst[limit.dimension] : 0;
  }

  #write(): void {
    if (this.broken) this.#stopped = true;
  }
}

function covers({ scope }: Limit, { model }: { readonly model: string }): boolean {
  return scope.kind !== 'model' || COVERS[scope.pattern]?.(model) === true;
}

function refuse(call: ReferenceCall, reason: string, named: readonly number[]): void {
  call.state = 'refused';
  call.reason = reason;
  call.named = named;
}
