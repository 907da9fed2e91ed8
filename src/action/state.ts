import type { MlflowPlan } from '../run/mlflow.js';
import type { Toolkit } from './io.js';

/** What `main` leaves for `post`, renewed as it goes on: `main` may be killed at any moment. */
export interface StepState {
  /** Absolute. */
  readonly reportDir: string;
  /** Sentences for the top of the comment, in Markdown. */
  readonly notices: readonly string[];
  readonly mlflow: MlflowPlan;
  /** Outputs, summary and comment stand. */
  readonly published: boolean;
  /** MLflow has the run, or nothing asks for that. */
  readonly logged: boolean;
}

const NAME = 'token-budget';

/** Keeps the state; a later one takes its place. */
export function saveState(core: Pick<Toolkit, 'saveState'>, state: StepState): void {
  core.saveState(NAME, JSON.stringify(state));
}

/** The state that `main` left last; undefined where it never came to a run. Only `main` of this step can write it. */
export function savedState(core: Pick<Toolkit, 'getState'>): StepState | undefined {
  const text = core.getState(NAME);
  return text === '' ? undefined : (JSON.parse(text) as StepState);
}
