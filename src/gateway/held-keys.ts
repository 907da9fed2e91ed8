/** The keys that the gateway holds under `keys: gateway`, and what the command has in their stead. */
import { randomBytes } from 'node:crypto';
import type { Policy } from '../domain/policy.js';
import { PROVIDER_HOSTS } from '../meter/hosts.js';
import { KEY_PLACES, KEY_VARIABLES, OWN_CREDENTIALS, type KeyVariable } from './key-table.js';

type Environment = Readonly<Record<string, string | undefined>>;
type Holding = Pick<Policy, 'keys' | 'upstreams'>;

/** A key, and whose. */
export interface HeldKey extends Omit<KeyVariable, 'provider' | 'prefix'> {
  /** Undefined for a variable that the policy alone names. */
  readonly provider: string | undefined;
  readonly key: string;
  /** Shaped like the key; opens the gateway's hand at the key's own provider and is worth nothing elsewhere. */
  readonly placeholder: string;
}

/** Shorter values are rather words, which other variables may hold by chance. */
const LEAST_KEY = 12;

/** The keys in an environment that the gateway is to hold; none under `keys: command`. */
export function heldKeys({ keys, upstreams }: Holding, env: Environment): readonly HeldKey[] {
  if (keys === 'command') return [];
  const known = KEY_VARIABLES.filter(isServed);
  const named = upstreams.flatMap(({ keyVariable }) => keyVariable ?? []);
  const own = [...new Set(named)]
    .filter((variable) => !known.some((each) => each.variable === variable))
    .map((variable) => ({ variable, provider: undefined, prefix: prefixOf(variable), places: KEY_PLACES }));
  return [...known, ...own].flatMap(({ prefix, ...variable }) => {
    const key = env[variable.variable]?.trim() ?? '';
    return key === '' ? [] : [{ ...variable, key, placeholder: `${prefix}${randomBytes(32).toString('hex')}` }];
  });
}

/** Credentials that stay with the command although the gateway holds keys, each with the reason. */
export function keptCredentials(held: readonly HeldKey[], env: Environment): readonly string[] {
  const unserved = KEY_VARIABLES.filter(({ variable }) => !held.some((each) => each.variable === variable)).map(
    ({ variable }) => [variable, 'calls to its provider do not go through the gateway'] as const,
  );
  return [...OWN_CREDENTIALS, ...unserved].flatMap(([variable, why]) =>
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

function isServed({ provider }: KeyVariable): boolean {
  return PROVIDER_HOSTS.some((each) => each.provider === provider);
}

function prefixOf(variable: string): string {
  return KEY_VARIABLES.find((each) => each.variable === variable)?.prefix ?? 'sk-';
}
