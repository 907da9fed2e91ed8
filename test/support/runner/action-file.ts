/** What an action.yml says, as the runner reads it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface ActionFile {
  readonly name: string;
  readonly inputs: Readonly<
    Record<string, { readonly default?: string | number | boolean; readonly required?: boolean }>
  >;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly runs: {
    readonly using: string;
    readonly main: string;
    readonly post?: string;
    readonly 'post-if'?: string;
  };
}

/** What expressions in defaults may name: `github.token`, `matrix`, `runner.os`. */
export type Contexts = Readonly<Record<string, unknown>>;

export function readActionFile(directory: string): ActionFile {
  const file = parse(readFileSync(join(directory, 'action.yml'), 'utf8')) as Partial<ActionFile>;
  if (!file.runs || !/^node\d+$/.test(file.runs.using)) throw new Error(`${directory}: not an action for Node`);
  return { name: file.name ?? '', inputs: file.inputs ?? {}, outputs: file.outputs ?? {}, runs: file.runs };
}

/** The variables that carry the inputs: those given, the defaults of the others, and empty ones. */
export function inputVariables(file: ActionFile, given: Readonly<Record<string, string>>, contexts: Contexts) {
  const values = new Map(
    Object.entries(file.inputs).map(([name, input]) => [name, evaluated(String(input.default ?? ''), contexts)]),
  );
  for (const [name, value] of Object.entries(given)) values.set(name, value);
  return Object.fromEntries([...values].map(([name, value]) => [variableOf(name), value.trim()]));
}

/** Blanks become underscores, dashes stay: `INPUT_MAX-TOKENS`. */
function variableOf(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}

const EXPRESSION = /\$\{\{\s*(?:(tojson)\(\s*([\w.-]+)\s*\)|([\w.-]+))\s*\}\}/gi;

function evaluated(text: string, contexts: Contexts): string {
  const value = text.replace(EXPRESSION, (_all: string, toJson?: string, inner?: string, path?: string) => {
    const found = at(contexts, inner ?? path ?? '');
    if (toJson !== undefined) return JSON.stringify(found ?? null, undefined, 2);
    return typeof found === 'string' ? found : found === undefined ? '' : JSON.stringify(found);
  });
  if (value.includes('${{')) throw new Error(`an expression that this harness does not know: ${text}`);
  return value;
}

function at(contexts: Contexts, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value ? (value as Contexts)[key] : undefined),
      contexts,
    );
}

/** Whether the post step runs after a main step that ended so. */
export function postRuns(condition: string | undefined, outcome: 'success' | 'failure' | 'cancelled'): boolean {
  const [bare = ''] = /[a-z!]+\(\)/.exec(condition ?? 'always()') ?? [];
  const conditions: Readonly<Record<string, boolean>> = {
    'always()': true,
    'success()': outcome === 'success',
    'failure()': outcome === 'failure',
    'cancelled()': outcome === 'cancelled',
    '!cancelled()': outcome !== 'cancelled',
  };
  const runs = conditions[bare];
  if (runs === undefined) throw new Error(`a post-if that this harness does not know: ${condition ?? ''}`);
  return runs;
}
