/** Variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Credentials and channels of the runner that a `run:` step does not have, so that no program of the user's gets them from us. */
const RUNNER_ONLY = /^(INPUT_.*|STATE_.*|ACTIONS_RUNTIME_.*|ACTIONS_RESULTS_URL|ACTIONS_CACHE_URL)$/i;

/** Whether a variable is the runner's own, which no `run:` step has. */
export function isRunnerOnly(name: string): boolean {
  return RUNNER_ONLY.test(name);
}
