import { sumOfUsages, usageOf } from '../../domain/usage.js';
import { reportedCount, type JsonObject } from '../../lib/json.js';
import type { ModelUsage, Reported } from './dialect.js';

/** What an answer reports, with the parts that it is billed by, where these account for all of it. */
export function withParts(reported: Reported, parts: readonly ModelUsage[] = []): Reported {
  const [first, ...others] = parts;
  if (!first) return reported;
  const sum = sumOfUsages(
    first.usage,
    others.map(({ usage }) => usage),
  );
  if (tokensOf(parts) < tokensOf([reported])) return reported;
  const { meters, tier, regional, reportedCost } = reported.usage;
  const usage = { ...sum, ...(meters && { meters }), ...(tier && { tier }), ...(regional && { regional }) };
  return { ...reported, usage: { ...usage, ...(reportedCost !== undefined && { reportedCost }) }, parts };
}

/** All tokens of several usages. */
export function tokensOf(parts: readonly ModelUsage[]): number {
  return parts.reduce((sum, { usage }) => sum + usage.input + usage.output, 0);
}

/** What is known of a call whose answer states the total of its tokens alone, as some compatible servers do. */
export function undividedOf(
  stated: JsonObject,
  parts: readonly string[],
  all: unknown,
  model: string | undefined,
): Reported | undefined {
  const total = reportedCount(all);
  if (!total || parts.some((name) => stated[name] != null)) return undefined;
  return { usage: usageOf({ output: total }), undivided: true, ...(model === undefined ? {} : { model }) };
}
