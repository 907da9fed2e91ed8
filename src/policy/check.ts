/** A resolved policy as text for people: what it limits, what models cost, and where each of it comes from. */
import { scopeName, type Dimension, type Limit } from '../domain/limit.js';
import { rateDecimal, usdDecimal } from '../domain/money.js';
import type { Policy, Upstream } from '../domain/policy.js';
import type { RateCard, Rates } from '../domain/rate.js';
import { shown } from './suggest.js';

/**
 * What `token-budget check` prints. `lookup` gives the rate card of a model by its exact name, from the policy or the
 * price table; it is asked for the models that the limits name.
 */
export function describePolicy(policy: Policy, lookup: (model: string) => RateCard | undefined): string {
  const sections = [limitsSection(policy), ratesSection(policy, lookup), upstreamsSection(policy), behaviour(policy)];
  return [`${plain(policy.file)} is valid.`, ...sections].join('\n\n');
}

const ON_EXCEED: Readonly<Record<Policy['onExceed'], string>> = {
  raise: 'raise: calls past a limit are refused, and the run fails',
  warn: 'warn: calls past a limit are let through, and the run stays green',
  halt: 'halt: calls past a limit are refused, and the command is stopped',
};

function behaviour(policy: Policy): string {
  const { reserve } = policy;
  const rows = [
    ['Run', commandLine(policy.run)],
    ['On exceed', ON_EXCEED[policy.onExceed]],
    ['Warn at', `${Number((policy.warnAt * 100).toFixed(6))}% of a limit`],
    ['Unpriced', policy.unpriced === 'refuse' ? 'refuse: under a cost limit, no call without a rate' : 'warn'],
    ['Reserve', `${grouped(reserve.outputTokens)} output tokens where a call states no bound`],
    ['Wait', `up to ${grouped(reserve.waitMs / 1000)} s for calls in flight`],
    ['Counter', policy.counter],
  ];
  return table(rows, ['left', 'left']);
}

function commandLine(run: Policy['run']): string {
  if (run === undefined) return 'not set: give the command after `--`';
  return typeof run === 'string' ? plain(run) : run.map((word) => shown(word)).join(' ');
}

function limitsSection({ limits }: Policy): string {
  if (limits.length === 0) return 'Limits: none. Calls are metered and never refused.';
  const rows = limits.map((limit) => [
    plain(scopeName(limit.scope)),
    limit.dimension,
    ceilingText(limit),
    plain(limit.at),
  ]);
  const header = ['SCOPE', 'WHAT', 'CEILING', 'FROM'];
  return `Limits (reaching one is allowed, passing it is a breach)\n${table([header, ...rows], ['left', 'left', 'right', 'left'])}`;
}

function ceilingText({ dimension, ceiling }: Limit): string {
  return dimension === ('cost_usd' satisfies Dimension) ? `${groupedUsd(usdDecimal(ceiling))} USD` : grouped(ceiling);
}

function ratesSection(policy: Policy, lookup: (model: string) => RateCard | undefined): string {
  const own = policy.rates.map(({ pattern, card, at }) => rateRow(pattern, card, at ?? 'policy'));
  const rows = [...own, ...modelsToLookUp(policy).flatMap((model) => lookedUpRows(model, lookup(model), policy))];
  const all = policy.rates.some(({ pattern }) => pattern === '*');
  const rest = all ? 'The pattern * covers all other models.' : 'All other models are priced by the built-in table.';
  if (rows.length === 0) return `Rates: none in the policy. ${rest}`;
  const header = ['MODEL', 'INPUT', 'OUTPUT', 'CACHE READ', 'CACHE WRITE', 'CACHE WRITE 1H', 'FROM'];
  const sides = ['left', 'right', 'right', 'right', 'right', 'right', 'left'] as const;
  return `Rates (USD per 1M tokens, the first that matches)\n${table([header, ...rows], sides)}\n${rest}`;
}

/** The models that limits name exactly and the policy's own rates do not. */
function modelsToLookUp({ limits, rates }: Policy): readonly string[] {
  const own = new Set(rates.map(({ pattern }) => pattern));
  const models = limits.flatMap(({ scope }) => (scope.kind === 'model' ? [scope.pattern] : []));
  return [...new Set(models)].filter((model) => !model.includes('*') && !own.has(model));
}

function lookedUpRows(model: string, card: RateCard | undefined, policy: Policy): readonly string[][] {
  if (card === undefined) {
    const fate = policy.unpriced === 'refuse' ? 'no rate: refused under a cost limit' : 'no rate: counts as 0 USD';
    return [[plain(model), '-', '-', '-', '-', '-', fate]];
  }
  const from = card.source === 'policy' ? 'a pattern of the policy' : 'built-in table';
  const tiers = card.tiers.map((tier) => rateRow(`  above ${grouped(tier.above)} input`, tier, from));
  return [rateRow(model, card, from), ...tiers];
}

function rateRow(name: string, rates: Rates, from: string): string[] {
  const amounts = [rates.input, rates.output, rates.cacheRead, rates.cacheWrite, rates.cacheWrite1h];
  return [plain(name), ...amounts.map((rate) => groupedUsd(rateDecimal(rate))), plain(from)];
}

function upstreamsSection({ upstreams }: Policy): string {
  if (upstreams.length === 0) return 'Upstreams: the built-in hosts only.';
  const rows = upstreams.map((upstream) => [upstream.host, ...upstreamCells(upstream)].map(plain));
  const header = ['HOST', 'SENT TO', 'DIALECT', 'PRICES OF'];
  return `Upstreams (beside the built-in hosts)\n${table([header, ...rows], ['left', 'left', 'left', 'left'])}`;
}

function upstreamCells({ forwardTo, dialect, provider }: Upstream): readonly string[] {
  return [forwardTo?.origin ?? 'itself', dialect ?? 'told by the path', provider ?? 'told by the host'];
}

/** Rows as lines with aligned columns, indented by two. */
function table(rows: readonly (readonly string[])[], sides: readonly ('left' | 'right')[]): string {
  const widths = sides.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => padded(cell, widths[column] ?? 0, sides[column])).join('  ');
  return rows.map((row) => `  ${line(row)}`.trimEnd()).join('\n');
}

function padded(cell: string, width: number, side: 'left' | 'right' | undefined): string {
  return side === 'right' ? cell.padStart(width) : cell.padEnd(width);
}

/** A name from the file as a terminal may be shown it. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** Thousands of an exact decimal string: 1234.50 → 1,234.50. */
function groupedUsd(decimal: string): string {
  const [whole = '0', fraction = '00'] = decimal.split('.');
  return `${BigInt(whole).toLocaleString('en-US')}.${fraction}`;
}
