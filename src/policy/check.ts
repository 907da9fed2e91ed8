/** The resolved policy as text for people: its limits, the prices of models, and where each comes from. */
import { scopeName, type Dimension, type Limit } from '../domain/limit.js';
import { usdDecimal } from '../domain/money.js';
import type { Policy, PriceFile, Upstream } from '../domain/policy.js';
import type { RateCard } from '../domain/rate.js';
import { RATE_HEADER, RATE_SIDES, grouped, groupedUsd, plain, rateRows, table } from './rate-rows.js';
import { shown } from './suggest.js';

/**
 * What `token-budget check` prints. `lookup` gives the rate card of a model by its exact name, from the policy or the
 * price table; it is called for the models that the limits name.
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
  known: 'known: unlisted hosts are not metered; the report names those that look like providers',
  strict: 'strict: calls to hosts that look like providers are refused if they cannot be metered',
};

const KEYS: Readonly<Record<Policy['keys'], string>> = {
  command: 'command: the command has the API keys in its environment',
  gateway: 'gateway: the gateway holds the API keys; the command gets placeholders',
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
    ['Reserve', `${grouped(reserve.outputTokens)} output tokens for a call that sets no output limit`],
    ['Wait', `up to ${grouped(reserve.waitMs / 1000)} s for calls in flight to finish`],
    ...(reserve.clamp ? [['Clamp', 'a call that does not fit is sent with a lower output limit if possible']] : []),
    ...(policy.journal.fsync ? [['Journal', 'synced to disk after every entry']] : []),
    ['Counter', policy.counter],
    ['MLflow', mlflowText(policy.mlflow)],
  ];
  return table(rows, ['left', 'left']);
}

function unpricedText({ unpriced, unpricedBound }: Policy): string {
  if (unpriced === 'warn') return 'warn: calls without a known price count as 0 USD';
  if (unpriced === 'refuse') return 'refuse: under a cost limit, calls without a known price are refused';
  return `stated: reserves ${groupedUsd(usdDecimal(unpricedBound ?? 0))} USD per call if its answer states the cost; other calls are refused`;
}

function pricesText({ file, pinned, date }: PriceFile): string {
  const may = pinned ? 'pinned: it can also lower rates' : 'not pinned: it can add models and raise rates';
  return `${file}${date === undefined ? '' : `, dated ${date}`}, ${may}`;
}

function mlflowText(mlflow: Policy['mlflow']): string {
  if (mlflow === undefined) return 'on if the command logs to MLflow or MLFLOW_TRACKING_URI is set';
  if (mlflow === 'off') return 'off: nothing is logged';
  const { trackingUri, experiment, scorers } = mlflow;
  const store = trackingUri === '' ? 'tracking URI from the environment' : trackingUri;
  const words = [store, `experiment ${experiment === '' ? 'from the environment' : shown(experiment)}`];
  return plain([...words, `scorers ${scorers}`].join(', '));
}

function commandLine(run: Policy['run']): string {
  if (run === undefined) return 'not set: give the command after `--`';
  return typeof run === 'string' ? plain(run) : run.map((word) => shown(word)).join(' ');
}

function limitsSection({ limits }: Policy): string {
  if (limits.length === 0) return 'Limits: none. Calls are metered but never refused.';
  const rows = limits.map((limit) => [
    plain(scopeName(limit.scope)),
    limit.dimension,
    ceilingText(limit),
    plain(limit.at),
  ]);
  const header = ['SCOPE', 'LIMIT', 'VALUE', 'SET AT'];
  return `Limits (reaching a limit is allowed, passing it is not)\n${table([header, ...rows], ['left', 'left', 'right', 'left'])}`;
}

function ceilingText({ dimension, ceiling }: Limit): string {
  return dimension === ('cost_usd' satisfies Dimension) ? `${groupedUsd(usdDecimal(ceiling))} USD` : grouped(ceiling);
}

function ratesSection(policy: Policy, lookup: (model: string) => RateCard | undefined): string {
  const own = policy.rates.flatMap(({ pattern, card, at }) => rateRows(pattern, card, at ?? 'policy'));
  const rows = [...own, ...modelsToLookUp(policy).flatMap((model) => lookedUpRows(model, lookup(model), policy))];
  const all = policy.rates.some(({ pattern }) => pattern === '*');
  const rest = all ? 'The pattern * covers all other models.' : 'The built-in table prices all other models.';
  if (rows.length === 0) return `Rates: none in the policy. ${rest}`;
  return `Rates (USD per 1M tokens; the first match applies)\n${table([RATE_HEADER, ...rows], RATE_SIDES)}\n${rest}`;
}

/** The models that limits name exactly and the policy's own rates do not. */
function modelsToLookUp({ limits, rates }: Policy): readonly string[] {
  const own = new Set(rates.map(({ pattern }) => pattern));
  const models = limits.flatMap(({ scope }) => (scope.kind === 'model' ? [scope.pattern] : []));
  return [...new Set(models)].filter((model) => !model.includes('*') && !own.has(model));
}

function lookedUpRows(model: string, card: RateCard | undefined, policy: Policy): readonly string[][] {
  if (card === undefined) {
    const fate =
      policy.unpriced === 'warn' ? 'no known price: counts as 0 USD' : 'no known price: refused under a cost limit';
    return [[plain(model), '-', '-', '-', '-', '-', fate]];
  }
  const from = card.source === 'policy' ? 'policy pattern' : 'built-in table';
  return rateRows(model, card, from);
}

function upstreamsSection({ upstreams }: Policy): string {
  if (upstreams.length === 0) return 'Upstreams: the built-in hosts only.';
  const rows = upstreams.map((upstream) => [upstream.host, ...upstreamCells(upstream)].map(plain));
  const header = ['HOST', 'SENT TO', 'DIALECT', 'PRICES FROM'];
  const aliases = upstreams.flatMap(({ host, models }) =>
    [...(models ?? [])].map(([own, model]) => [plain(`  ${own} at ${host} is priced as ${model}`)]),
  );
  const keys = upstreams.flatMap(({ host, keyVariable }) =>
    keyVariable === undefined ? [] : [[plain(`  ${host} uses the key in ${keyVariable}`)]],
  );
  return `Upstreams (in addition to the built-in hosts)\n${table([header, ...rows, ...aliases, ...keys], ['left', 'left', 'left', 'left'])}`;
}

function upstreamCells({ forwardTo, dialect, provider }: Upstream): readonly string[] {
  return [forwardTo?.origin ?? 'itself', dialect ?? 'from the path', provider ?? 'from the host'];
}
