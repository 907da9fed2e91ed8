/** Which kind of value stands where in a policy. A path is the keys that lead to it, from the top. */

/** The kinds of values that a policy has. */
export type Kind =
  | 'file'
  | 'version'
  | 'run'
  | 'argument'
  | 'limits'
  | 'ceilings'
  | 'models'
  | 'providers'
  | 'count'
  | 'usd'
  | 'choice'
  | 'part'
  | 'rates'
  | 'prices'
  | 'priceFile'
  | 'sha256'
  | 'unpriced'
  | 'rate'
  | 'fees'
  | 'serviceTiers'
  | 'factor'
  | 'reserve'
  | 'wait'
  | 'flag'
  | 'journal'
  | 'upstreams'
  | 'upstream'
  | 'origin'
  | 'provider'
  | 'modelNames'
  | 'modelName'
  | 'keyVariable'
  | 'mlflow'
  | 'tracking'
  | 'experiment';

const COUNTS: ReadonlySet<string> = new Set(['tokens', 'input_tokens', 'output_tokens', 'calls']);
/** Keys of `limits` that hold limits of their own, or maps from names to them. */
const LIMIT_GROUPS: Readonly<Record<string, Kind>> = {
  ...{ per_call: 'ceilings', per_row: 'ceilings', models: 'models', providers: 'providers' },
};
const TOP: Readonly<Record<string, Kind>> = {
  ...{ version: 'version', run: 'run', limits: 'limits', on_exceed: 'choice', warn_at: 'part', rates: 'rates' },
  ...{
    unpriced: 'unpriced',
    prices: 'prices',
    metering: 'choice',
    reserve: 'reserve',
    counter: 'choice',
    upstreams: 'upstreams',
  },
  ...{ keys: 'choice', mlflow: 'mlflow', journal: 'journal' },
};
const RESERVE: Readonly<Record<string, Kind>> = { output_tokens: 'count', wait: 'wait', clamp: 'flag' };
const UPSTREAM: Readonly<Record<string, Kind>> = {
  ...{ forward_to: 'origin', dialect: 'choice', provider: 'provider', models: 'modelNames' },
  key_variable: 'keyVariable',
};
const RATE: Readonly<Record<string, Kind>> = { fees: 'fees', service_tiers: 'serviceTiers' };
const MLFLOW: Readonly<Record<string, Kind>> = {
  ...{ tracking_uri: 'tracking', experiment: 'experiment', scorers: 'choice' },
};

/** The kind of value that belongs at a path of a policy. */
export function kindAt(path: readonly string[]): Kind {
  const [top = '', second, third, fourth] = path;
  if (path.length === 0) return 'file';
  if (top === 'run' && path.length > 1) return 'argument';
  if (top === 'limits' && second !== undefined) return limitKind(path.slice(1));
  if (top === 'rates' && second !== undefined) return rateKind(third, fourth);
  if (top === 'reserve' && second !== undefined) return RESERVE[second] ?? 'reserve';
  if (top === 'prices' && second !== undefined) return second === 'sha256' ? 'sha256' : 'priceFile';
  if (top === 'unpriced' && second !== undefined) return 'usd';
  if (top === 'journal' && second !== undefined) return 'flag';
  if (top === 'upstreams' && fourth !== undefined) return 'modelName';
  if (top === 'upstreams' && second !== undefined) return UPSTREAM[third ?? ''] ?? 'upstream';
  if (top === 'mlflow' && second !== undefined) return MLFLOW[second] ?? 'mlflow';
  return TOP[top] ?? 'usd';
}

function rateKind(key: string | undefined, inner: string | undefined): Kind {
  if (key === undefined) return 'rate';
  if (inner === undefined) return RATE[key] ?? 'usd';
  return key === 'service_tiers' ? 'factor' : 'usd';
}

function limitKind([first = '', ...inner]: readonly string[]): Kind {
  const group = LIMIT_GROUPS[first];
  const name = group === undefined ? first : group === 'ceilings' ? inner[0] : inner[1];
  if (name !== undefined) return COUNTS.has(name) ? 'count' : 'usd';
  return group !== undefined && inner.length === 0 ? group : 'ceilings';
}
