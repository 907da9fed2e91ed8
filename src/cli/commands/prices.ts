import { listedPrice, PRICES, type ListedPrice } from '../../meter/prices.js';
import { RATE_HEADER, RATE_SIDES, plain, rateRows, table } from '../../policy/rate-rows.js';
import { EXIT } from '../../run/exit-status.js';
import type { Io } from '../io.js';

/**
 * `token-budget prices MODEL…`: what models cost now by the built-in table, with effective date and source.
 * Returns 2 where it does not know one of them.
 */
export function prices(io: Io, models: readonly string[], provider: string, at: Date): number {
  const listed = models.map((model) => ({ model, price: listedPrice(provider, model, at) }));
  const rows = listed.flatMap(({ model, price }) => (price ? rateRows(model, price.card, fromOf(price)) : []));
  const unknown = listed.filter(({ price }) => !price);
  io.out(`Prices in USD per 1M tokens: ${PRICES.source}, ${PRICES.date}, and corrections\n`);
  if (rows.length > 0) io.out(`${table([RATE_HEADER, ...rows], RATE_SIDES)}\n`);
  const known = listed.flatMap(({ price }) => price ?? []);
  for (const source of new Set(known.flatMap(({ tierSource }) => tierSource ?? [])))
    io.out(`Service tiers: ${source}\n`);
  for (const source of new Set(known.flatMap(({ feeSource }) => feeSource ?? []))) io.out(`Fees of tools: ${source}\n`);
  const where = provider === '' ? '' : ` at ${plain(provider)}`;
  for (const { model } of unknown) io.err(`token-budget: no price is known for ${plain(model)}${where}\n`);
  return unknown.length > 0 ? EXIT.badPolicy : EXIT.ok;
}

function fromOf({ provider, source, since }: ListedPrice): string {
  const day = since ? `, since ${since.toISOString().slice(0, 10)}` : '';
  return `${provider}${day}${source === undefined ? '' : ` (${source})`}`;
}
