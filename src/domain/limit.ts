import type { NanoUsd } from './money.js';
import { compilePattern } from './pattern.js';
import type { Usage } from './usage.js';

/** What a limit counts. `cost_usd` is counted in nano-USD, all others in whole tokens or calls. */
export type Dimension = 'tokens' | 'input_tokens' | 'output_tokens' | 'calls' | 'cost_usd';

export const DIMENSIONS: readonly Dimension[] = ['tokens', 'input_tokens', 'output_tokens', 'calls', 'cost_usd'];

/** What a limit covers: the whole run, each call by itself, or all calls to models that match a pattern. */
export type Scope =
  { readonly kind: 'run' } | { readonly kind: 'call' } | { readonly kind: 'model'; readonly pattern: string };

/** One ceiling. Reaching it is allowed, passing it is a breach. */
export interface Limit {
  readonly dimension: Dimension;
  readonly scope: Scope;
  /** Tokens, calls, or nano-USD for `cost_usd`; 0 or more. */
  readonly ceiling: number;
  /** `file:line:column` of the ceiling in the policy, for messages and annotations. */
  readonly at: string;
}

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

/** Whether a limit covers the calls to a model. */
export function covers({ scope }: Limit, model: string): boolean {
  return scope.kind !== 'model' || compilePattern(scope.pattern)(model);
}

/** How a report, a log and a refusal name a scope: `run`, `per_call`, or the model pattern as written. */
export function scopeName(scope: Scope): string {
  if (scope.kind === 'run') return 'run';
  return scope.kind === 'call' ? 'per_call' : `models.${scope.pattern}`;
}
