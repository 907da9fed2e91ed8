/** The files by which a step hands values to the runner. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KINDS = ['OUTPUT', 'ENV', 'PATH', 'STATE', 'STEP_SUMMARY'] as const;

export interface StepFiles {
  /** GITHUB_OUTPUT and the others, each the path of an empty file. */
  readonly variables: Readonly<Record<string, string>>;
  outputs(): Record<string, string>;
  env(): Record<string, string>;
  state(): Record<string, string>;
  path(): string[];
  summary(): string;
}

/** Fresh files for one step; the runner gives none to another step. */
export function createStepFiles(temp: string, step: string): StepFiles {
  const directory = join(temp, '_runner_file_commands', step);
  mkdirSync(directory, { recursive: true });
  const file = (kind: (typeof KINDS)[number]) => join(directory, kind.toLowerCase());
  for (const kind of KINDS) writeFileSync(file(kind), '');
  const text = (kind: (typeof KINDS)[number]) => readFileSync(file(kind), 'utf8');
  return {
    variables: Object.fromEntries(KINDS.map((kind) => [`GITHUB_${kind}`, file(kind)])),
    outputs: () => parsePairs(text('OUTPUT')),
    env: () => parsePairs(text('ENV')),
    state: () => parsePairs(text('STATE')),
    path: () => text('PATH').split('\n').filter(Boolean),
    summary: () => text('STEP_SUMMARY'),
  };
}

/** `name=value` lines, and `name<<END` … `END` blocks. Throws on what the runner would refuse. */
export function parsePairs(text: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line === '') continue;
    const block = /^([^=]+?)<<(.+)$/.exec(line);
    const plain = /^([^=]+)=(.*)$/s.exec(line);
    if (block?.[1] !== undefined) pairs[block[1]] = takeBlock(lines, block[2] ?? '');
    else if (plain?.[1] !== undefined) pairs[plain[1]] = plain[2] ?? '';
    else throw new Error(`Invalid format '${line}'`);
  }
  return pairs;
}

function takeBlock(lines: string[], end: string): string {
  const at = lines.indexOf(end);
  if (at < 0) throw new Error(`Matching delimiter not found '${end}'`);
  return lines
    .splice(0, at + 1)
    .slice(0, -1)
    .join('\n');
}
