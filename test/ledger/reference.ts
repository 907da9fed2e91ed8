import { DIMENSIONS, NOTHING, type Amounts, type Covered, type Limit } from '../../src/domain/limit.js';

/** A call and its worst case. */
interface Asked extends Covered {
  readonly worst: Amounts;
}

/** A call of a schedule as the reference sees it. */
export interface ReferenceCall extends Covered {
  readonly since: number;
  worst: Amounts;
  /** What it would do with instead, the largest first. */
  smaller: readonly Amounts[];
  state: 'waiting' | 'live' | 'settled' | 'voided' | 'refused';
  /** It is live, and only a client that asks for it will end it. */
  deferred?: boolean;
  reason?: string;
  /** It was refused since deferred calls hold the room. */
  byJobs?: boolean;
  /** Places in the list of limits, any of which a refusal may name. */
  named?: readonly number[];
  used?: Amounts;
}

const COVERS: Readonly<Record<string, (name: string) => boolean>> = {
  'gpt-*': (model) => model.startsWith('gpt-'),
  '*mini': (model) => model.endsWith('mini'),
  claude: (model) => model === 'claude',
  openai: (provider) => provider === 'openai',
  '*a*': (provider) => provider.includes('a'),
};

/** The patterns, names and rows that schedules use. */
export const MODEL_PATTERNS = ['gpt-*', '*mini', 'claude'];
export const PROVIDER_PATTERNS = ['openai', '*a*'];
export const MODELS = ['gpt-4o', 'gpt-mini', 'claude', 'claude-mini'];
export const PROVIDERS = ['openai', 'azure', 'mistral'];
export const ROWS = ['r1', 'r2', 'r3'];

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

  /** What one limit has on it from the calls in a state, or one row of it; of a limit per call, the largest settled one. */
  balance(limit: Limit, state: 'live' | 'deferred' | 'settled', row?: string): number {
    const own = this.#on(limit, row)
      .filter((call) => (state === 'deferred' ? call.state === 'live' && call.deferred : call.state === state))
      .map((call) => (call.used ?? call.worst)[limit.dimension]);
    if (limit.scope.kind === 'call') return state === 'settled' ? Math.max(0, ...own) : 0;
    return own.reduce((sum, each) => sum + each, 0);
  }

  /** How much more than their holds the calls on a limit, or one row of it, have cost. */
  overshoot(limit: Limit, row?: string): number {
    return this.#on(limit, row).reduce(
      (sum, { used, worst }) => sum + Math.max(0, (used ?? NOTHING)[limit.dimension] - worst[limit.dimension]),
      0,
    );
  }

  #on(limit: Limit, row: string | undefined): ReferenceCall[] {
    return this.calls.filter((call) => covers(limit, call) && (limit.scope.kind !== 'row' || call.row === row));
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

  /** Whether a call would fit if all that is in flight, deferred calls apart, came to nothing. */
  mayFit(call: ReferenceCall): boolean {
    return !NEVER.includes(this.#standing(call, []).reason);
  }

  wouldAdmit(call: Asked): boolean {
    return !this.#stopped && (this.#warn || this.#standing(call, this.waiting).reason === 'fits');
  }

  reserve(asked: Asked, smaller: readonly Amounts[], since: number, gone: boolean): ReferenceCall {
    const ahead = this.waiting;
    const call: ReferenceCall = { ...asked, smaller, since, state: 'waiting' };
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

  defer(call: ReferenceCall, deferred: boolean): void {
    if (call.state !== 'live') return;
    call.deferred = deferred;
    this.#review();
  }

  abort(call: ReferenceCall, reason = 'abandoned'): void {
    if (call.state !== 'waiting') return;
    const ahead = this.#aheadOf(call);
    if (reason !== 'held' || !this.#shrink(call, ahead, ['fits'])) this.#giveUp(call, reason, ahead);
    else this.#admit(call);
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
    if (this.#stopped) refuse(call, 'stopped', []);
    else if (this.#warn) this.#admit(call);
    else {
      if (NEVER.includes(this.#standing(call, ahead).reason)) this.#shrink(call, ahead, ['fits', 'held']);
      const { reason, named } = this.#standing(call, ahead);
      if (reason === 'fits') this.#admit(call);
      if (NEVER.includes(reason)) refuse(call, reason === 'deferred' ? 'held' : reason, named, reason === 'deferred');
      if (NEVER.includes(reason)) this.#write();
    }
  }

  #admit(call: ReferenceCall): void {
    this.#write();
    if (this.#stopped) refuse(call, 'stopped', []);
    else call.state = 'live';
  }

  /** Makes a call do with the most that has such a standing; with its least, where none has. */
  #shrink(call: ReferenceCall, ahead: readonly ReferenceCall[], standings: readonly string[]): boolean {
    const at = call.smaller.findIndex((worst) => standings.includes(this.#standing({ ...call, worst }, ahead).reason));
    if (at < 0 && standings.includes('held')) call.worst = call.smaller.at(-1) ?? call.worst;
    if (at < 0) return false;
    call.worst = call.smaller[at] ?? call.worst;
    call.smaller = call.smaller.slice(at + 1);
    return true;
  }

  #standing(call: Asked, ahead: readonly ReferenceCall[]) {
    const on = this.#limits.filter((limit) => covers(limit, call) && call.worst[limit.dimension] > 0);
    const large = on.find((limit) => call.worst[limit.dimension] > limit.ceiling);
    if (large) return { reason: 'call_too_large', named: [this.#limits.indexOf(large)] };
    const sums = on.filter((limit) => limit.scope.kind !== 'call');
    const full = sums.find(
      (limit) => this.balance(limit, 'settled', call.row) + call.worst[limit.dimension] > limit.ceiling,
    );
    if (full) return { reason: 'exhausted', named: [this.#limits.indexOf(full)] };
    const jobs = sums.find((limit) => {
      const kept = this.balance(limit, 'settled', call.row) + this.balance(limit, 'deferred', call.row);
      return kept + call.worst[limit.dimension] > limit.ceiling;
    });
    if (jobs) return { reason: 'deferred', named: [this.#limits.indexOf(jobs)] };
    const named = this.#blocks(call, ahead);
    return { reason: named.length > 0 ? 'held' : 'fits', named };
  }

  /** Limits that a call must wait for: no room, someone ahead waits for it, or the first in line needs what is left. */
  #blocks(call: Asked, ahead: readonly ReferenceCall[]): number[] {
    const awaited = new Set<string>();
    const [first] = ahead;
    const blocking = (each: Asked) =>
      [...this.#limits.entries()].filter(([place, limit]) => {
        const own = this.#demand(place, each);
        if (own === 0 || awaited.has(shareOf(place, limit, each))) return own > 0;
        const isKept =
          first !== undefined && first !== each && shareOf(place, limit, first) === shareOf(place, limit, each);
        const kept = isKept ? this.#demand(place, first) : 0;
        const used = this.balance(limit, 'settled', each.row) + this.balance(limit, 'live', each.row);
        return used + kept + own > limit.ceiling;
      });
    for (const each of ahead) {
      for (const [place, limit] of blocking(each)) awaited.add(shareOf(place, limit, each));
    }
    return blocking(call).map(([place]) => place);
  }

  /** What a call adds to the sum of one limit. */
  #demand(place: number, call: Asked): number {
    const limit = this.#limits[place];
    return limit && limit.scope.kind !== 'call' && covers(limit, call) ? call.worst[limit.dimension] : 0;
  }

  #write(): void {
    if (this.broken) this.#stopped = true;
  }
}

/** Standings that no call in flight can better. */
const NEVER = ['call_too_large', 'exhausted', 'deferred'];

function covers({ scope }: Limit, call: Covered): boolean {
  if (scope.kind === 'row') return call.row !== undefined;
  return !('pattern' in scope) || COVERS[scope.pattern]?.(call[scope.kind]) === true;
}

/** What a call competes for under a limit: all of it, or its row's. */
function shareOf(place: number, { scope }: Limit, { row = '' }: Covered): string {
  return scope.kind === 'row' ? `${place} ${row}` : `${place}`;
}

function refuse(call: ReferenceCall, reason: string, named: readonly number[], byJobs = false): void {
  call.state = 'refused';
  call.byJobs = byJobs;
  call.reason = reason;
  call.named = named;
}
