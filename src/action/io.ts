import type { Environment } from '../lib/environment.js';

/** The parts of the toolkit that the action uses. */
export type Toolkit = Pick<
  typeof import('@actions/core'),
  | 'getInput'
  | 'getState'
  | 'saveState'
  | 'setOutput'
  | 'setSecret'
  | 'setFailed'
  | 'error'
  | 'warning'
  | 'notice'
  | 'info'
  | 'startGroup'
  | 'endGroup'
>;

/** The process around the action. */
export interface ActionIo {
  readonly core: Toolkit;
  readonly env: Environment;
  /** Starts this process over without these variables in its environment; undefined once that was done. */
  readonly startOverWithout: ((names: readonly string[]) => void) | undefined;
  /** The event's payload. */
  readonly payload: unknown;
  /** Where the built files lie. */
  readonly assets: string;
  write(text: string): void;
}
