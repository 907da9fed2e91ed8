/** The project's own workflows and the examples, as text and as what a runner reads of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const ROOT = join(import.meta.dirname, '..', '..');

export interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
}

export interface Workflow {
  /** Path from the root of the repository. */
  readonly file: string;
  readonly text: string;
  readonly on: unknown;
  readonly permissions: Readonly<Record<string, string>> | undefined;
  readonly steps: readonly Step[];
}

interface Parsed {
  readonly on?: unknown;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

export function readWorkflow(file: string, text: string): Workflow {
  const { on, permissions, jobs } = parse(text) as Parsed;
  return { file, text, on, permissions, steps: Object.values(jobs).flatMap(({ steps }) => steps) };
}

/** The workflows in a directory, which is given from the root of the repository. */
export function workflowsIn(directory: string): Workflow[] {
  return textsIn(directory).map(([file, text]) => readWorkflow(file, text));
}

/** The YAML files in a directory, by path from the root of the repository. */
export function textsIn(directory: string): [file: string, text: string][] {
  const names = readdirSync(join(ROOT, directory)).filter((name) => name.endsWith('.yml'));
  return names.map((name) => [`${directory}/${name}`, readFileSync(join(ROOT, directory, name), 'utf8')]);
}

/** Whether a step runs this action. */
export function isOurs({ uses }: Step): boolean {
  return uses?.startsWith('token-budget/token-budget@') === true;
}
