/** What the runs of the matrix showed, as the page in docs/. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Row } from './rows.js';

export interface Shown {
  readonly row: Row;
  readonly language: 'Node' | 'Python';
  readonly version: string;
  readonly dialect: string;
  readonly provider: string;
  readonly calls: number;
  readonly input: number;
  readonly output: number;
  /** Class of the error that a refused call raised. */
  readonly refusal: string;
}

const run = promisify(execFile);
const NODE_MODULES = join(import.meta.dirname, 'node/node_modules');

export function versionOfNode({ package: name }: Row): string {
  if (name === undefined) return '';
  const { version } = JSON.parse(readFileSync(join(NODE_MODULES, name, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** The version of a package in an environment; none for the standard library. */
export async function versionOfPython(python: string, { package: name }: Row): Promise<string> {
  if (name === undefined) return '';
  const script = `import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))`;
  return (await run(python, ['-c', script, name])).stdout.trim();
}

const HEAD = `# Tested SDKs

Written by \`test/sdks/matrix.test.ts\`. Each SDK ran under \`token-budget run\` with no change to its code, once with enough
budget and once without. *Counted* is what the report says; call by call it equals what the provider stated. *Refused* is the
error that the SDK's user sees: each refused call was one attempt, and none reached the provider.

| SDK | In | Version | Transport | Format | Calls | Counted (in + out) | Refused |
| --- | --- | --- | --- | --- | --: | --: | --- |
`;

export function tableOf(shown: readonly Shown[]): string {
  return HEAD + shown.map(lineOf).join('');
}

function lineOf({ row, language, version, dialect, calls, input, output, refusal }: Shown): string {
  const cells = [row.sdk, language, version, row.over, dialect, calls, `${input} + ${output}`, `\`${refusal}\``];
  return `| ${cells.join(' | ')} |\n`;
}
