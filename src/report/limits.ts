/** How far each limit was used: the one place where settled calls meet the policy's ceilings after the fact. */
import type { LimitEntry } from '../domain/entry.js';
import { amountsOf, type Dimension } from '../domain/limit.js';
import { usdDecimal } from '../domain/money.js';
import { compilePattern } from '../domain/pattern.js';
import type { CallUse, LimitName, LimitUse } from '../domain/report.generated.js';
import { isSettled } from './sums.js';

const MODEL_SCOPE = 'models.';

/** One limit with its use. It is exceeded when its use passes the ceiling, or when a call was refused for its sake. */
export function limitUse(limit: LimitEntry, calls: readonly CallUse[]): LimitUse {
  const used = usedOf(limit, calls);
  const refused = calls.filter((call) => breaks(call) && isSame(call.limit, limit)).length;
  const remaining = Math.max(0, limit.ceiling - used);
  return {
    dimension: limit.dimension,
    scope: limit.scope,
    at: limit.at,
    unit: unitOf(limit.dimension),
    ceiling: limit.ceiling,
    used,
    remaining,
    exceeded: used > limit.ceiling || refused > 0,
    refused,
    ...(limit.dimension === 'cost_usd' && {
      ceiling_usd: usdDecimal(limit.ceiling),
      used_usd: usdDecimal(used),
      remaining_usd: usdDecimal(remaining),
    }),
  };
}

/** Whether a call was refused for the budget's sake; a caller that left and a run that ends say nothing about it. */
export function breaks(call: CallUse): boolean {
  return call.outcome === 'refused' && call.reason !== 'stopped' && call.reason !== 'abandoned';
}

/** Over all calls the limit covers, in its unit: their sum, or the largest where it is a limit per call. */
function usedOf(limit: LimitEntry, calls: readonly CallUse[]): number {
  const covered = coverage(limit.scope);
  const perCall = limit.scope === 'per_call';
  return calls
    .filter((call) => isSettled(call) && covered(call.model))
    .map((call) => amountOf(call, limit.dimension))
    .reduce((used, amount) => (perCall ? Math.max(used, amount) : Math.min(used + amount, Number.MAX_SAFE_INTEGER)), 0);
}

function coverage(scope: string): (model: string) => boolean {
  return scope.startsWith(MODEL_SCOPE) ? compilePattern(scope.slice(MODEL_SCOPE.length)) : () => true;
}

function amountOf(call: CallUse, dimension: Dimension): number {
  const { input_tokens: input, output_tokens: output } = call.usage;
  return amountsOf({ input, output }, call.cost_nano_usd)[dimension];
}

function isSame(name: LimitName | null, limit: LimitEntry): boolean {
  return name?.dimension === limit.dimension && name.scope === limit.scope;
}

function unitOf(dimension: Dimension): LimitUse['unit'] {
  if (dimension === 'cost_usd') return 'nano_usd';
  return dimension === 'calls' ? 'calls' : 'tokens';
}
