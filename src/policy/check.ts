/** A resolved policy as text for people: what it limits, what models cost, and where each of it comes from. */
import { scopeName, type Dimension, type Limit } from '../domain/limit.js';
import { usdDecimal } from '../domain/money.js';
import type { Policy, PriceFile, Upstream } from '../domain/policy.js';
import type { RateCard } from '../domain/rate.js';
import { RATE_HEADER, RATE_SIDES, grouped, groupedUsd, plain, rateRows, table } from './rate-rows.js';
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

const METERING: Readonly<Record<Policy['metering'], string>> = {
  known: 'known: hosts that are not listed are let through, and named where they look like providers',
  strict: 'strict: what looks like a provider and cannot be metered is refused',
};

const KEYS: Readonly<Record<Policy['keys'], string>> = {
  command: 'command: it has the keys of providers in its environment',
  gateway: 'gateway: the command has placeholders for the keys of providers',
};

function behaviour(policy: Policy): string {
  const { reserve } = policy;
  const rows = [
    ['Run', commandLine(policy.run)],
    ['On exceed', ON_EXCEED[policy.onExceed]],
    ['Warn at', `${Number((policy.warnAt * 100).toFixed(6))}% of a limit`],
    ['Unpriced', unpricedText(policy)],
    ...(policy.prices ? [['Prices', pricesText(policy.prices)]] : []),
    ['Metering', METERING[policy.metering]],
    ['Keys', KEYS[policy.keys]],
    ['Reserve', `${grouped(reserve.outputTokens)} output tokens where a call states no bound`],
    ['Wait', `up to ${grouped(reserve.waitMs / 1000)} s for calls in flight`],
    ...(reserve.clamp
      ? [['Clamp', 'a call that does not fit is sent with a lower output bound, where it can be']]
      : []),
    ...(policy.journal.fsync ? [['Journal', 'synced to the disk entry by entry']] : []),
    ['Counter', policy.counter],
    ['MLflow', mlflowText(policy.mlflow)],
  ];
  return table(rows, ['left', 'left']);
}

function unpricedText({ unpriced, unpricedBound }: Policy): string {
  if (unpriced === 'warn') return 'warn';
  if (unpriced === 'refuse') return 'refuse: under a cost limit, no call without a rate';
  return `stated: holds ${groupedUsd(usdDecimal(unpricedBound ?? 0))} USD a call where answers state their own cost, else refused`;
}

function pricesText({ file, pinned, date }: PriceFile): string {
  const may = pinned ? 'pinned: it may lower rates' : 'not pinned: it adds models and raises rates';
  return `${file}${date === undefined ? '' : ` of ${date}`}, ${may}`;
}

function mlflowText(mlflow: Policy['mlflow']): string {
  if (mlflow === undefined) return 'where the command logs to it, or MLFLOW_TRACKING_URI is set';
  if (mlflow === 'off') return 'off: nothing is logged to it';
  const { trackingUri, experiment, scorers } = mlflow;
  const store = trackingUri === '' ? 'the tracking URI of the environment' : trackingUri;
  const words = [store, `experiment ${experiment === '' ? 'of the environment' : shown(experiment)}`];
  return plain([...words, `scorers ${scorers}`].join(', '));
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
  const own = policy.rates.flatMap(({ pattern, card, at }) => rateRows(pattern, card, at ?? 'policy'));
  const rows = [...own, ...modelsToLookUp(policy).flatMap((model) => lookedUpRows(model, lookup(model), policy))];
  const all = policy.rates.some(({ pattern }) => pattern === '*');
  const rest = all ? 'The pattern * covers all other models.' : 'All other models are priced by the built-in table.';
  if (rows.length === 0) return `Rates: none in the policy. ${rest}`;
  return `Rates (USD per 1M tokens, the first that matches)\n${table([RATE_HEADER, ...rows], RATE_SIDES)}\n${rest}`;
}

/** The models that limits name exactly and the policy's own rates do not. */
function modelsToLookUp({ limits, rates }: Policy): readonly string[] {
  const own = new Set(rates.map(({ pattern }) => pattern));
  const models = limits.flatMap(({ scope }) => (scope.kind === 'model' ? [scope.pattern] : []));
  return [...new Set(models)].filter((model) => !model.includes('*') && !own.has(model));
}

function lookedUpRows(model: string, card: RateCard | undefined, policy: Policy): readonly string[][] {
  if (card === undefined) {
    const fate = policy.unpriced === 'warn' ? 'no rate: counts as 0 USD' : 'no rate: refused under a cost limit';
    return [[plain(model), '-', '-', '-', '-', '-', fate]];
  }
  const from = card.source === 'policy' ? 'a pattern of the policy' : 'built-in table';
  return rateRows(model, card, from);
}

function upstreamsSection({ upstreams }: Policy): string {
  if (upstreams.length === 0) return 'Upstreams: the built-in hosts only.';
  const rows = upstreams.map((upstream) => [upstream.host, ...upstreamCells(upstream)].map(plain));
  const header = ['HOST', 'SENT TO', 'DIALECT', 'PRICES OF'];
  const aliases = upstreams.flatMap(({ host, models }) =>
    [...(models ?? [])].map(([own, model]) => [plain(`  ${own} at ${host} is priced as ${model}`)]),
  );
  const keys = upstreams.flatMap(({ host, keyVariable }) =>
    keyVariable === undefined ? [] : [[plain(`  ${host} gets the key in ${keyVariable}`)]],
  );
  return `Upstreams (beside the built-in hosts)\n${table([header, ...rows, ...aliases, ...keys], ['left', 'left', 'left', 'left'])}`;
}

function upstreamCells({ forwardTo, dialect, provider }: Upstream): readonly string[] {
  return [forwardTo?.origin ?? 'itself', dialect ?? 'told by the path', provider ?? 'told by the host'];
}
