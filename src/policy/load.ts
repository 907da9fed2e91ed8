/** From a policy's file to a Policy, or to all that is wrong with it at once. */
import { createHash } from 'node:crypto';
import { PolicyError, type PolicyProblem } from '../domain/errors.js';
import type { Policy } from '../domain/policy.js';
import { Reading, type Field } from './fields.js';
import { decodePolicy, readPolicyBytes } from './file.js';
import { resolvePolicy } from './resolve.js';
import type { PolicyFile } from '../generated/policy.generated.js';
import { parseTree } from './tree.js';
import { MOST_PROBLEMS, validateTree } from './validate.js';
import { warningsOf } from './warn.js';

/** The policy that is read where none is named. */
export const DEFAULT_POLICY = 'token-budget.yml';

/** A valid policy, and what in it is likely a mistake. */
export interface LoadedPolicy {
  readonly policy: Policy;
  readonly warnings: readonly PolicyProblem[];
}

/**
 * Loads a policy from its text. `file` is its name in messages and in the Policy.
 * @throws PolicyError with all problems in the order of the file, at most 50
 */
export function loadPolicy(text: string | Buffer, file: string): LoadedPolicy {
  const { root, problems: broken } = parseTree(decodePolicy(text, file), file);
  const { fitting, problems: misfits } = validateTree(root, new Set(broken.map(({ key }) => key)));
  if (broken.length + misfits.length > MOST_PROBLEMS) throw new PolicyError(shortened([...broken, ...misfits]));
  const reading = new Reading();
  const field: Field<PolicyFile> = { tree: fitting, path: [] };
  const hash = createHash('sha256').update(text).digest('hex');
  const policy = resolvePolicy(field, reading, { file, hash });
  const problems = [...broken, ...misfits, ...reading.problems];
  if (problems.length > 0) throw new PolicyError(shortened(problems));
  return { policy, warnings: [...warningsOf(policy, field)].sort(byPlace) };
}

/**
 * Loads the policy in a file.
 * @throws PolicyError also where there is no such file, it may not be read, is not a regular file, or is larger than 64 KiB
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

/** In the order of the file, as many as a person will read. */
function shortened(problems: readonly PolicyProblem[]): readonly PolicyProblem[] {
  const ordered = problems.toSorted(byPlace);
  const next = ordered[MOST_PROBLEMS];
  if (next === undefined) return ordered;
  const more = { at: next.at, key: '', message: 'there are more problems', remedy: 'Fix the ones above first.' };
  return [...ordered.slice(0, MOST_PROBLEMS), more];
}
