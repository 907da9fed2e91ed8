/** The keys that the gateway holds under `keys: gateway`, and what the command has in their stead. */
import { randomBytes } from 'node:crypto';
import type { Policy } from '../domain/policy.js';
import type { Environment } from '../lib/environment.js';
import { PROVIDERS } from '../providers/index.js';
import type { KeyPlace, Providers } from '../providers/provider.js';

type Holding = Pick<Policy, 'keys' | 'upstreams'>;

/** A variable that the gateway can hold the key of. */
interface KeyVariable {
  readonly variable: string;
  /** Whose key it is, by the provider's name. */
  readonly provider: string;
  /** How such keys begin. */
  readonly prefix: string;
  /** Where a request may carry it. */
  readonly places: readonly KeyPlace[];
  /** Calls to its provider pass the gateway. */
  readonly served: boolean;
}

/** Where the clients of all providers put keys: for hosts of which only the policy knows. */
const ANY_PLACE: readonly KeyPlace[] = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', '?key='];

/** Every variable that is known to hold the key of a provider. */
export function keyVariables({ all }: Providers): readonly KeyVariable[] {
  return all.flatMap(({ name, hosts, keys }) =>
    (keys?.variables ?? []).map((variable) => ({
      variable,
      provider: name,
      prefix: keys?.prefix ?? '',
      places: keys?.places ?? [],
      served: hosts.length > 0,
    })),
  );
}

/** A key, and whose. */
export interface HeldKey extends Omit<KeyVariable, 'provider' | 'prefix' | 'served'> {
  /** Undefined for a variable that the policy alone names. */
  readonly provider: string | undefined;
  readonly key: string;
  /** Shaped like the key; opens the gateway's hand at the key's own provider and is worth nothing elsewhere. */
  readonly placeholder: string;
}

/** Shorter values are rather words, which other variables may hold by chance. */
const LEAST_KEY = 12;

/** The keys in an environment that the gateway is to hold; none under `keys: command`. */
export function heldKeys(
  { keys, upstreams }: Holding,
  env: Environment,
  providers: Providers = PROVIDERS,
): readonly HeldKey[] {
  if (keys === 'command') return [];
  const variables = keyVariables(providers);
  const known = variables.filter(({ served }) => served);
  const prefixOf = (variable: string) => variables.find((each) => each.variable === variable)?.prefix ?? 'sk-';
  const named = upstreams.flatMap(({ keyVariable }) => keyVariable ?? []);
  const own = [...new Set(named)]
    .filter((variable) => !known.some((each) => each.variable === variable))
    .map((variable) => ({ variable, provider: undefined, prefix: prefixOf(variable), places: ANY_PLACE }));
  return [...known, ...own].flatMap(({ variable, provider, prefix, places }) => {
    const key = env[variable]?.trim() ?? '';
    const placeholder = `${prefix}${randomBytes(32).toString('hex')}`;
    return key === '' ? [] : [{ variable, provider, places, key, placeholder }];
  });
}

/** Credentials that stay with the command although the gateway holds keys, each with the reason. */
export function keptCredentials(
  held: readonly HeldKey[],
  env: Environment,
  providers: Providers = PROVIDERS,
): readonly string[] {
  const unserved = keyVariables(providers)
    .filter(({ variable }) => !held.some((each) => each.variable === variable))
    .map(({ variable }) => [variable, 'calls to its provider do not go through the gateway'] as const);
  return [...providers.all.flatMap(({ credentials = [] }) => credentials), ...unserved].flatMap(([variable, why]) =>
    (env[variable]?.trim() ?? '') === '' ? [] : [`${variable} stays in the command's environment: ${why}`],
  );
}

/** A text with placeholders where it holds keys. */
function withPlaceholders(text: string, held: readonly HeldKey[]): string {
  return held.reduce(
    (rest, { key, placeholder }) => (holds(rest, key) ? rest.replaceAll(key, placeholder) : rest),
    text,
  );
}

/** Whether a text holds one of the keys. */
export function holdsKey(text: string, held: readonly HeldKey[]): boolean {
  return held.some(({ key }) => holds(text, key));
}

/** An environment with a placeholder in place of each key, whatever variable holds it. */
export function withoutKeys(env: Environment, held: readonly HeldKey[]): Environment {
  const own = new Map(held.map(({ variable, placeholder }) => [variable, placeholder]));
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, own.get(name) ?? (value && withPlaceholders(value, held))]),
  );
}

function holds(text: string, key: string): boolean {
  return key.length >= LEAST_KEY && text.includes(key);
}
