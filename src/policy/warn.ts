/** What a policy may contain but is likely a mistake. */
import type { PolicyProblem } from '../domain/errors.js';
import { LEAST_BOUND, scopeName, type Limit } from '../domain/limit.js';
import { rateDecimal, usdDecimal } from '../domain/money.js';
import { compilePattern } from '../domain/pattern.js';
import type { Policy, PolicyRate } from '../domain/policy.js';
import { worstPriceOf } from '../domain/rate.js';
import { child, entriesOf, named, textAt, type Field } from './fields.js';
import { parseScaled } from './amounts.js';
import type { PolicyFile } from '../generated/policy.generated.js';
import { keyOf } from './tree.js';
import { isPlainRemote } from './upstreams.js';

/** In the order: limits, calls that cannot fit, rates, upstreams. */
export function warningsOf(policy: Policy, root: Field<PolicyFile>): readonly PolicyProblem[] {
  const compiled = policy.rates.map((rate) => ({ rate, matches: compilePattern(rate.pattern) }));
  return [
    ...noLimits(policy),
    ...policy.limits.flatMap((limit) => tooTight(limit, policy, compiled)),
    ...uncountedCost(policy),
    ...oddRates(root),
    ...plainUpstreams(policy, root),
  ];
}

function noLimits({ limits, file }: Policy): readonly PolicyProblem[] {
  if (limits.length > 0) return [];
  const message = 'the policy sets no limit, so calls are metered but never refused';
  return [{ at: `${file}:1:1`, key: 'limits', message, remedy: 'Set one, such as `limits: { tokens: 50_000 }`.' }];
}

/** A limit below what one call reserves refuses that call, whatever was spent before. */
function tooTight(limit: Limit, policy: Policy, rates: readonly CompiledRate[]): readonly PolicyProblem[] {
  const { dimension, ceiling, scope } = limit;
  // A limit of 0 for a model or a provider forbids it on purpose.
  if (ceiling === 0 && 'pattern' in scope) return [];
  const { outputTokens, clamp } = policy.reserve;
  const output = clamp ? Math.min(outputTokens, LEAST_BOUND) : outputTokens;
  if (dimension === 'cost_usd') return tooTightCost(limit, output, rates);
  const least = { tokens: output, output_tokens: output, calls: 1 };
  const needed = dimension === 'input_tokens' ? 1 : least[dimension];
  if (ceiling >= needed) return [];
  if (ceiling === 0) return [problemOf(limit, 'a limit of 0 refuses every call', 'Raise it or delete it.')];
  const message = `a call without an output limit reserves ${grouped(needed)} output tokens, so it never fits`;
  return [problemOf(limit, message, 'Raise the limit, or lower `reserve.output_tokens`.')];
}

function tooTightCost(limit: Limit, output: number, rates: readonly CompiledRate[]): readonly PolicyProblem[] {
  if (limit.ceiling === 0 && rates.every(({ rate }) => rate.card.output > 0)) {
    return [problemOf(limit, 'a limit of 0 refuses every call', 'Raise it or delete it.')];
  }
  const worst = ratesUnder(limit, rates)
    .map(({ pattern, card }) => ({ pattern, cost: worstPriceOf(card, { input: 0, output }) }))
    .toSorted((a, b) => b.cost - a.cost)[0];
  if (worst === undefined || worst.cost <= limit.ceiling) return [];
  const cost = `${usdDecimal(worst.cost)} USD`;
  const message = `a call to ${keyOf([worst.pattern])} without an output limit reserves ${cost}, so it never fits`;
  return [problemOf(limit, message, 'Raise the limit, or lower `reserve.output_tokens`.')];
}

interface CompiledRate {
  readonly rate: PolicyRate;
  readonly matches: (model: string) => boolean;
}

/** The policy's rates that can apply under a limit: those it covers, else the most specific that covers it. */
function ratesUnder({ scope }: Limit, rates: readonly CompiledRate[]): readonly PolicyRate[] {
  const all = rates.map(({ rate }) => rate);
  // Nothing here tells whose models they are.
  if (scope.kind === 'provider') return [];
  if (scope.kind !== 'model') return all;
  const covers = compilePattern(scope.pattern);
  const covered = all.filter(({ pattern }) => covers(pattern));
  if (covered.length > 0) return covered;
  const covering = rates.find(({ matches }) => matches(scope.pattern));
  return covering === undefined ? [] : [covering.rate];
}

function problemOf(limit: Limit, message: string, remedy: string): PolicyProblem {
  const scope = limit.scope.kind === 'run' ? [] : [scopeName(limit.scope)];
  return { at: limit.at, key: keyOf(['limits', ...scope, limit.dimension]), message, remedy };
}

function uncountedCost({ limits, unpriced }: Policy): readonly PolicyProblem[] {
  const limit = limits.find(({ dimension }) => dimension === 'cost_usd');
  if (limit === undefined || unpriced !== 'warn') return [];
  const message = 'with `unpriced: warn`, calls to models without a known price count as 0 USD here';
  return [problemOf(limit, message, 'Give such models a rate, or delete `unpriced`.')];
}

// Published prices per 1M tokens lie between 0.01 and 600 USD.
const LEAST_PICO = 1_000;
const MOST_PICO = 1_000_000_000;

function oddRates(root: Field<PolicyFile>): readonly PolicyProblem[] {
  const amounts = named(child(root, 'rates')).flatMap(({ field }) => entriesOf(field));
  const flat = child(root, 'cost_per_1k_tokens');
  return [...amounts.map(({ field }) => field), ...(flat ? [flat] : [])].flatMap(oddRate);
}

function oddRate(field: Field<unknown>): readonly PolicyProblem[] {
  const perThousand = field.path.at(-1) === 'cost_per_1k_tokens';
  const unit = perThousand ? '1,000' : '1M';
  const pico = parseScaled(textAt(field), perThousand ? 9 : 6);
  if (pico === undefined || pico === 0 || (pico >= LEAST_PICO && pico <= MOST_PICO)) return [];
  const about = { at: field.tree.at, key: keyOf(field.path) };
  if (pico > MOST_PICO) {
    const message = `${textAt(field)} USD per ${unit} tokens is more than any known model costs`;
    return [{ ...about, message, remedy: `Check the unit: this key is in USD per ${unit} tokens.` }];
  }
  const message = `${textAt(field)} USD per ${unit} tokens is less than any known model costs`;
  const meant = perTokenAs(textAt(field), perThousand);
  const remedy = `If it is the price of one token, write ${meant}; this key is in USD per ${unit} tokens.`;
  return [{ ...about, message, remedy }];
}

/** A price of one token in the key's own unit. */
function perTokenAs(text: string, perThousand: boolean): string {
  const pico = parseScaled(text, perThousand ? 9 : 12);
  return pico === undefined ? 'it times the number of tokens' : rateDecimal(pico);
}

function plainUpstreams(policy: Policy, root: Field<PolicyFile>): readonly PolicyProblem[] {
  const fields = named(child(root, 'upstreams'));
  return policy.upstreams.filter(isPlainRemote).map(({ host }) => {
    const entry = fields.find(({ name }) => name.toLowerCase() === host);
    const forward = child(entry?.field, 'forward_to');
    return {
      at: forward?.tree.at ?? `${policy.file}:1:1`,
      key: keyOf(['upstreams', host, 'forward_to']),
      message: 'calls and the API keys in them cross the network unencrypted',
      remedy: 'Use https if the server supports it.',
    };
  });
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
