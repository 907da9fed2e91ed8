import type { OpenEntry } from '../domain/entry.js';
import { scopeName } from '../domain/limit.js';
import type { Policy } from '../domain/policy.js';
import { PRICES } from '../meter/prices.js';
import type { Mask } from '../mask/mask.js';

interface Opening {
  readonly policy: Policy;
  readonly argv: readonly string[];
  /** What is masked in the command's words. */
  readonly mask: Mask;
  /** Version of the tool. */
  readonly tool: string;
}

/** The built-in table, and the file beside it; where that is pinned and says of which day it is, the newer day. */
function pricesOf({ prices }: Policy): OpenEntry['prices'] {
  if (!prices) return PRICES;
  const own = prices.pinned ? (prices.date ?? '') : '';
  return { source: `${PRICES.source}, ${prices.file}`, date: own > PRICES.date ? own : PRICES.date };
}

/** The journal's first line: what the run is held to, and what it runs. */
export function openEntry({ policy, argv, mask, tool }: Opening, at: Date): OpenEntry {
  return {
    event: 'open',
    version: 1,
    tool,
    at: at.toISOString(),
    policy: { file: policy.file, hash: policy.hash },
    onExceed: policy.onExceed,
    warnAt: policy.warnAt,
    limits: policy.limits.map(({ dimension, scope, ceiling, at: place }) => ({
      dimension,
      scope: scopeName(scope),
      ceiling,
      at: place,
    })),
    argv: mask.words(argv),
    prices: pricesOf(policy),
  };
}
