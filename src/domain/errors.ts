/** A problem in a policy file, as a person can act on it. */
export interface PolicyProblem {
  /** `file:line:column`. */
  readonly at: string;
  /** Dotted path of the offending key: `limits.per_call.tokens`; empty for the file as a whole. */
  readonly key: string;
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** All that is wrong with a policy, found in one pass. Exit status 2. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly problems: readonly PolicyProblem[];

  constructor(problems: readonly PolicyProblem[]) {
    super(problems.map(problemLine).join('\n'));
    this.problems = problems;
  }
}

/** A wrong command line. Exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The budget can not be enforced (no journal, no gateway), so nothing may be sent. Exit status 4. */
export class EnforcementError extends Error {
  override readonly name = 'EnforcementError';
}

/** One line a problem: where, which key, what, and the remedy. */
export function problemLine(problem: PolicyProblem): string {
  const key = problem.key === '' ? '' : `${problem.key}: `;
  return `${problem.at}: ${key}${problem.message}. ${problem.remedy}`;
}
