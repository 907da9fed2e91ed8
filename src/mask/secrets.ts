/** Values of an environment that are secrets by their names. */
import type { Environment } from '../lib/environment.js';

/** Parts of a name that say that its value is a secret: of a variable, an option, a header, a member of JSON. */
const SECRET_PARTS: ReadonlySet<string> = new Set([
  ...[
    'key',
    'keys',
    'apikey',
    'token',
    'tokens',
    'secret',
    'secrets',
    'password',
    'passwords',
    'passwd',
    'pwd',
    'pass',
  ],
  ...['passphrase', 'pat', 'auth', 'authorization', 'bearer', 'credential', 'credentials', 'cookie', 'cookies', 'dsn'],
]);

/** Last parts that say it is about a secret and not one, and words that make it a count: API_KEY_FILE, MAX_TOKENS. */
const NO_SECRET_END =
  /^(file|files|path|dir|name|names|url|uri|host|endpoint|type|version|region|length|len|size|count|limit|ttl|id|ids|sock|method|mode|provider|per|second|minute)$/;
const COUNT_PARTS: ReadonlySet<string> = new Set(['max', 'min', 'num', 'count', 'budget']);

/**
 * Whether a name says that its value is a secret: `OPENAI_API_KEY`, `apiKey`, `KEY_PROD`, `x-api-key`; not `MAX_TOKENS`,
 * `TOKEN_FILE` or `PWD`.
 */
export function namesSecret(name: string): boolean {
  const parts = partsOf(name);
  if (parts.some((part) => COUNT_PARTS.has(part)) || NO_SECRET_END.test(parts.at(-1) ?? '')) return false;
  // The working directory.
  if (/^(old)?pwd$/i.test(name)) return false;
  return parts.some((part) => SECRET_PARTS.has(part)) || /(key|token|secret|password)s?$/.test(parts.at(-1) ?? '');
}

function partsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((part) => part !== '');
}

/** Shorter values, words and numbers would be lost from texts that mean no secret by them. */
const LEAST_SECRET = 8;
const LEAST_WORD = 12;

/** The values of an environment's variables that are named as keys are; none of our own settings. */
export function secretsIn(env: Environment): string[] {
  return Object.entries(env).flatMap(([name, value = '']) =>
    isOurs(name) || !namesSecret(name) ? [] : worthHiding(value),
  );
}

/** Inputs of the action are not secrets but for its token, and `TOKEN_BUDGET_…` is our own name. */
function isOurs(name: string): boolean {
  return /^TOKEN_BUDGET_/i.test(name) || (/^INPUT_/i.test(name) && !/^INPUT_GITHUB-TOKEN$/i.test(name));
}

function worthHiding(value: string): string[] {
  const secret = value.trim();
  const least = /^[A-Za-z]+$/.test(secret) ? LEAST_WORD : LEAST_SECRET;
  return secret.length < least || /^[\d.,_]+$/.test(secret) ? [] : [secret];
}
