/** What a price file makes of the built-in table: it adds and raises, and lowers only where it is pinned. */
import type { RateCard, Rates } from '../domain/rate.js';

const TEXT = ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite1h'] as const;
const MEDIA = ['audioIn', 'audioCached', 'imageIn', 'imageCached', 'audioOut', 'imageOut', 'reasoning'] as const;

/**
 * A listed rate over that of the table. What it does not state stays: longer inputs, fees, service tiers. An unpinned one
 * lowers no part of it.
 */
export function overTable(listed: RateCard, known: RateCard, pinned: boolean): RateCard {
  const base = pinned ? { ...ratesOf(known), ...ratesOf(listed) } : dearer(listed, known);
  return {
    ...known,
    ...base,
    // A longer input costs no less than a shorter one.
    tiers: known.tiers.map((tier) => ({ ...tier, ...dearer(tier, base) })),
    fees: merged(known.fees ?? {}, listed.fees ?? {}, pinned),
    factors: merged(known.factors ?? {}, listed.factors ?? {}, pinned),
  };
}

function ratesOf(rates: Rates): Rates {
  const names = [...TEXT, ...MEDIA].filter((name) => rates[name] !== undefined);
  return { ...textOf(rates), ...Object.fromEntries(names.map((name) => [name, rates[name]])) };
}

function textOf({ input, output, cacheRead, cacheWrite, cacheWrite1h }: Rates): Rates {
  return { input, output, cacheRead, cacheWrite, cacheWrite1h };
}

function dearer(a: Rates, b: Rates): Rates {
  const most = (name: (typeof TEXT)[number]) => Math.max(a[name], b[name]);
  const media = MEDIA.filter((name) => a[name] !== undefined || b[name] !== undefined);
  return {
    input: most('input'),
    output: most('output'),
    cacheRead: most('cacheRead'),
    cacheWrite: most('cacheWrite'),
    cacheWrite1h: most('cacheWrite1h'),
    ...Object.fromEntries(media.map((name) => [name, Math.max(a[name] ?? 0, b[name] ?? 0)])),
  };
}

function merged<K extends string>(
  known: Readonly<Partial<Record<K, number>>>,
  listed: Readonly<Partial<Record<K, number>>>,
  pinned: boolean,
): Readonly<Partial<Record<K, number>>> {
  const all: Partial<Record<K, number>> = { ...known, ...listed };
  if (pinned) return all;
  for (const name of Object.keys(known) as K[]) all[name] = Math.max(known[name] ?? 0, listed[name] ?? 0);
  return all;
}
