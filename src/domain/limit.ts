import type { NanoUsd } from './money.js';
import { compilePattern } from './pattern.js';
import type { Usage } from './usage.js';

/** What a limit counts. `cost_usd` is counted in nano-USD, all others in whole tokens or calls. */
export type Dimension = 'tokens' | 'input_tokens' | 'output_tokens' | 'calls' | 'cost_usd';

export const DIMENSIONS: readonly Dimension[] = ['tokens', 'input_tokens', 'output_tokens', 'calls', 'cost_usd'];

/**
 * What a limit covers: the whole run, each call by itself, each row of the eval by itself, or all calls to models or to
 * providers that match a pattern. Calls that no row is known of are under no limit per row.
 */
export type Scope =
  { readonly kind: 'run' | 'call' | 'row' } | { readonly kind: 'model' | 'provider'; readonly pattern: string };

/** What of a call decides which limits cover it. */
export interface Covered {
  readonly provider: string;
  readonly model: string;
  readonly row?: string;
}

/** One ceiling. Reaching it is allowed, passing it is a breach. */
export interface Limit {
  readonly dimension: Dimension;
  readonly scope: Scope;
  /** Tokens, calls, or nano-USD for `cost_usd`; 0 or more. */
  readonly ceiling: number;
  /** `file:line:column` of the ceiling in the policy, for messages and annotations. */
  readonly at: string;
}

/** A limit as entries and refusals name it. */
export interface LimitRef {
  readonly dimension: Dimension;
  /** As `scopeName` writes it. */
  readonly scope: string;
}

/** What happens where a call does not fit: it is refused, it is sent all the same, or the command is stopped. */
export type OnExceed = 'raise' | 'warn' | 'halt';

/** The lowest output bound that a call is lowered to, in tokens: no answer of use is shorter, and some providers take no less. */
export const LEAST_BOUND = 16;

/** An amount in every dimension: what a call holds or has used. */
export type Amounts = Readonly<Record<Dimension, number>>;

export const NOTHING: Amounts = { tokens: 0, input_tokens: 0, output_tokens: 0, calls: 0, cost_usd: 0 };

/** What one call of this usage and cost counts for. */
export function amountsOf(usage: Pick<Usage, 'input' | 'output'>, cost: NanoUsd): Amounts {
  return {
    tokens: usage.input + usage.output,
    input_tokens: usage.input,
    output_tokens: usage.output,
    calls: 1,
    cost_usd: cost,
  };
}

/** Tells which calls a scope covers. */
export function coverageOf(scope: Scope): (call: Covered) => boolean {
  if (!('pattern' in scope)) return ({ row }) => scope.kind !== 'row' || row !== undefined;
  const matches = compilePattern(scope.pattern);
  if (scope.kind === 'provider') return ({ provider }) => matches(provider);
  return ({ model }) => namesOf(model).some(matches);
}

/** What routers, Bedrock and fine-tuning put before a model's own name: its maker, a region, `ft:`. */
const BEFORE = /^(?:ft:)?(?:[a-z-]+\.)*/i;

/**
 * Names that a model goes by: as it was asked for, and without what its server puts before it, so that no limit on a model
 * is evaded by asking for it elsewhere.
 */
function namesOf(model: string): readonly string[] {
  const name = model.trim();
  const own = name.slice(name.lastIndexOf('/') + 1);
  return [model, name, own, own.replace(BEFORE, '')];
}

/** How a report, a log and a refusal name a scope: `run`, `per_call`, `per_row`, or `models.` or `providers.` and the pattern. */
export function scopeName(scope: Scope): string {
  if ('pattern' in scope) return `${scope.kind}s.${scope.pattern}`;
  return scope.kind === 'run' ? 'run' : `per_${scope.kind}`;
}

/** The scope of a name that `scopeName` gave; the whole run for any other. */
export function scopeNamed(name: string): Scope {
  const [, kind, pattern] = /^(model|provider)s\.(.*)$/s.exec(name) ?? [];
  if (pattern !== undefined) return { kind: kind === 'model' ? 'model' : 'provider', pattern };
  return { kind: name === 'per_call' ? 'call' : name === 'per_row' ? 'row' : 'run' };
}
