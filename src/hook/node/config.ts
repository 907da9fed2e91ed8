/**
 * The hook's configuration as found in the environment. It is either whole or not there: a value that can not be read in
 * full is never used in part, because a hook that knows some hosts only would let the others through unmetered.
 */

/** The contract of `src/hook/config.ts`, told again because a payload stands by itself; a test holds the two together. */
export interface HookConfig {
  readonly port: number;
  readonly secret: string;
  readonly tls: readonly string[];
  readonly plain: readonly string[];
  readonly watch?: readonly string[];
}

/** The variable that holds the configuration. */
export const HOOK_VARIABLE = 'TOKEN_BUDGET_HOOK';

/** The preamble's first word. */
export const ROUTE_WORD = 'TB1';

/** The configuration in the variable's text; undefined where it is not valid. Unknown keys are ignored. */
export function parseHookConfig(text: string): HookConfig | undefined {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { port, secret, tls, plain } = { port: 0, secret: '', tls: null, plain: null, ...value };
  const watch: unknown = 'watch' in value ? value.watch : [];
  if (!isPort(port) || !isSecret(secret)) return undefined;
  if (!isPatternList(tls) || !isPatternList(plain) || !isPatternList(watch)) return undefined;
  return { port, secret, tls, plain, ...(watch.length > 0 && { watch }) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535;
}

function isSecret(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

/** White space would end the preamble's word early. */
function isPatternList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string' && /^\S+$/.test(entry));
}
