/** Resolves a valid tree to a Policy: defaults filled in, amounts as integers, patterns in order. */
import { DIMENSIONS, type Limit, type Scope } from '../domain/limit.js';
import type { Policy } from '../domain/policy.js';
import { child, entriesOf, named, Reading, textAt, wordAt, type Field } from './fields.js';
import { parseAmount, parseCount, parseDuration, parsePart } from './amounts.js';
import { priceFileOf } from './price-file.js';
import { resolveRates } from './rates.js';
import type { Ceilings, Limits, Mlflow, PolicyFile, Reserve } from '../generated/policy.generated.js';
import { resolveUpstreams } from './upstreams.js';

const DEFAULT_OUTPUT_TOKENS = 4096;
const DEFAULT_WAIT_MS = 30_000;
const DEFAULT_WARN_AT = 0.8;
const MAX_WAIT_MS = 3_600_000;

/** The resolved policy of a file; problems of single values are noted in `reading`. */
export function resolvePolicy(
  root: Field<PolicyFile>,
  reading: Reading,
  source: Pick<Policy, 'file' | 'hash'>,
): Policy {
  const warnAt = child(root, 'warn_at');
  return {
    ...source,
    run: commandOf(child(root, 'run')),
    limits: limitsOf(child(root, 'limits'), reading),
    onExceed: wordAt(child(root, 'on_exceed'), ['raise', 'warn', 'halt'], 'raise'),
    warnAt: (warnAt && reading.amount(warnAt, parsePart)) ?? DEFAULT_WARN_AT,
    rates: resolveRates(root, reading),
    ...unpricedOf(root, reading),
    ...priceFileOf(child(root, 'prices'), reading),
    reserve: reserveOf(child(root, 'reserve'), reading),
    journal: { fsync: isTrue(child(child(root, 'journal'), 'fsync')) },
    metering: wordAt(child(root, 'metering'), ['known', 'strict'], 'known'),
    keys: wordAt(child(root, 'keys'), ['command', 'gateway'], 'command'),
    counter: wordAt(child(root, 'counter'), ['o200k_base', 'cl100k_base', 'whitespace'], 'o200k_base'),
    upstreams: resolveUpstreams(child(root, 'upstreams'), reading),
    mlflow: mlflowOf(child(root, 'mlflow')),
  };
}

function commandOf(field: Field<PolicyFile['run']> | undefined): Policy['run'] {
  if (field?.tree.kind === 'scalar') return field.tree.text;
  if (field?.tree.kind !== 'list') return undefined;
  return field.tree.items.map((item) => (item.kind === 'scalar' ? item.text : ''));
}

/** The run's limits in the order of the file, then those of each call and each row, then by model and by provider. */
function limitsOf(limits: Field<Limits> | undefined, reading: Reading): readonly Limit[] {
  return [
    ...ceilingsOf(limits, { kind: 'run' }, reading),
    ...ceilingsOf(child(limits, 'per_call'), { kind: 'call' }, reading),
    ...ceilingsOf(child(limits, 'per_row'), { kind: 'row' }, reading),
    ...named(child(limits, 'models')).flatMap(({ name, field }) =>
      ceilingsOf(field, { kind: 'model', pattern: name }, reading),
    ),
    ...named(child(limits, 'providers')).flatMap(({ name, field }) =>
      ceilingsOf(field, { kind: 'provider', pattern: name }, reading),
    ),
  ];
}

function ceilingsOf(field: Field<Limits | Ceilings> | undefined, scope: Scope, reading: Reading): readonly Limit[] {
  return entriesOf(field).flatMap(({ name, field: ceilingField }) => {
    const dimension = DIMENSIONS.find((one) => one === name);
    if (dimension === undefined) return [];
    const ceiling = reading.amount(ceilingField, dimension === 'cost_usd' ? parseAmount : parseCount);
    return ceiling === undefined ? [] : [{ dimension, scope, ceiling, at: ceilingField.tree.at }];
  });
}

/** Under `stated`, each call without a known price needs a bound on its cost. */
function unpricedOf(root: Field<PolicyFile>, reading: Reading): Pick<Policy, 'unpriced' | 'unpricedBound'> {
  const field = child(root, 'unpriced');
  if (field === undefined) return { unpriced: 'refuse' };
  const own = child(field, 'stated');
  const word = textAt(field);
  if (own === undefined && word !== 'stated' && field.tree.kind === 'scalar')
    return { unpriced: word === 'warn' ? 'warn' : 'refuse' };
  const bound = own ?? child(child(child(root, 'limits'), 'per_call'), 'cost_usd');
  const amount = bound && reading.amount(bound, parseAmount);
  if (bound === undefined || amount === 0) {
    const remedy = 'Write `unpriced: { stated: 0.50 }`: the USD to reserve for each such call.';
    reading.note(field.tree.at, field.path, 'nothing limits what a call without a known price may cost', remedy);
  }
  return { unpriced: 'stated', ...(amount !== undefined && { unpricedBound: amount }) };
}

function reserveOf(reserve: Field<Reserve> | undefined, reading: Reading): Policy['reserve'] {
  const tokens = child(reserve, 'output_tokens');
  const wait = child(reserve, 'wait');
  const outputTokens = tokens && reading.amount(tokens, parseCount);
  if (tokens !== undefined && outputTokens === 0) {
    reading.note(tokens.tree.at, tokens.path, 'a call cannot reserve 0 output tokens', 'Write 1 or more.');
  }
  const waitMs = wait && reading.amount(wait, parseWait);
  return {
    outputTokens: outputTokens ?? DEFAULT_OUTPUT_TOKENS,
    waitMs: waitMs ?? DEFAULT_WAIT_MS,
    clamp: isTrue(child(reserve, 'clamp')),
  };
}

function isTrue(field: Field<boolean> | undefined): boolean {
  return field?.tree.kind === 'scalar' && field.tree.value === true;
}

function mlflowOf(field: Field<Mlflow> | undefined): Policy['mlflow'] {
  if (field?.tree.kind !== 'map') return field && 'off';
  return {
    trackingUri: textAt(child(field, 'tracking_uri')),
    experiment: textAt(child(field, 'experiment')),
    scorers: wordAt(child(field, 'scorers'), ['auto', 'off'], 'auto'),
  };
}

function parseWait(text: string): number | undefined {
  const ms = parseDuration(text);
  return ms === undefined || ms > MAX_WAIT_MS ? undefined : ms;
}
