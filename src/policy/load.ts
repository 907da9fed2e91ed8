/** From a policy's file to a Policy, or to all that is wrong with it at once. */
import { createHash } from 'node:crypto';
import { PolicyError, type PolicyProblem } from '../domain/errors.js';
import type { Policy } from '../domain/policy.js';
import { Reading, type Field } from './fields.js';
import { decodePolicy, readPolicyBytes } from './file.js';
import { resolvePolicy } from './resolve.js';
import type { PolicyFile } from './schema.generated.js';
import { parseTree } from './tree.js';
import { validateTree } from './validate.js';
import { warningsOf } from './warn.js';

/** A policy, and what in it is allowed and yet likely a mistake. */
export interface LoadedPolicy {
  readonly policy: Policy;
  readonly warnings: readonly PolicyProblem[];
}

/** A file with more mistakes than this is not mended from one list. */
const MOST_PROBLEMS = 50;

/**
 * Loads a policy from its text. `file` is its name in messages and in the Policy.
 * @throws PolicyError with all problems in the order of the file, at most 50
 */
export function loadPolicy(text: string | Buffer, file: string): LoadedPolicy {
  const { root, problems: broken } = parseTree(decodePolicy(text, file), file);
  const { fitting, problems: misfits } = validateTree(root, new Set(broken.map(({ key }) => key)));
  const reading = new Reading();
  const field: Field<PolicyFile> = { tree: fitting, path: [] };
  const hash = createHash('sha256').update(text).digest('hex');
  const policy = resolvePolicy(field, reading, { file, hash });
  const problems = [...broken, ...misfits, ...reading.problems];
  if (problems.length > 0) throw new PolicyError(shortened(problems.toSorted(byPlace)));
  return { policy, warnings: [...warningsOf(policy, field)].sort(byPlace) };
}

/**
 * Loads the policy in a file.
 * @throws PolicyError also where there is no such file, it may not be read, is no regular file, or passes 64 KiB
 */
export function readPolicyFile(path: string): LoadedPolicy {
  return loadPolicy(readPolicyBytes(path), path);
}

function byPlace(a: PolicyProblem, b: PolicyProblem): number {
  const [lineA, columnA] = placeOf(a);
  const [lineB, columnB] = placeOf(b);
  return lineA - lineB || columnA - columnB;
}

function placeOf({ at }: PolicyProblem): readonly [line: number, column: number] {
  const [, line, column] = /:(\d+):(\d+)$/.exec(at) ?? [];
  return [Number(line ?? 0), Number(column ?? 0)];
}

function shortened(problems: readonly PolicyProblem[]): readonly PolicyProblem[] {
  const rest = problems.slice(MOST_PROBLEMS);
  const next = rest[0];
  if (next === undefined) return problems;
  const message = `from here on there are ${rest.length} more problems`;
  return [...problems.slice(0, MOST_PROBLEMS), { at: next.at, key: '', message, remedy: 'Mend those above first.' }];
}
