/** What of a stated usage can be true. */
import { TOKENLESS_METERS } from '../domain/usage.js';
import type { Reported } from './dialects/dialect.js';

/**
 * What can be taken of a statement: no call reads nothing, so a usage of zeros is none, and one without input leaves its
 * input unknown. What is billed by other units than the token may read no tokens, and so may a model that is loaded.
 */
export function plausible(reported: Reported | undefined): Reported | undefined {
  if (!reported || reported.nothing === true || reported.undivided === true || reported.inputUnknown === true) {
    return reported;
  }
  const { input, output, meters = {}, reportedCost = 0 } = reported.usage;
  if (input > 0 || TOKENLESS_METERS.some((meter) => meters[meter] !== undefined)) return reported;
  return output > 0 || reportedCost > 0 ? { ...reported, inputUnknown: true } : undefined;
}

/** The better of two statements of one stream: the later one, unless it says less. */
export function betterOf(before: Reported | undefined, now: Reported | undefined): Reported | undefined {
  if (!now) return before;
  const saysLess = now.inputUnknown === true || now.undivided === true;
  return before && saysLess && before.inputUnknown !== true && before.undivided !== true ? before : now;
}
