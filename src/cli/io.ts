import type { Environment } from '../lib/environment.js';

/** The process around a command, handed in by the entry so that nothing below reads globals. */
export interface Io {
  readonly env: Environment;
  /** Starts this process over without these variables in its environment; undefined once that was done. */
  readonly startOverWithout: ((names: readonly string[]) => void) | undefined;
  /** Where the built files lie: hooks, the counter's worker. */
  readonly assets: string;
  /** Standard output: what a command was asked to print. */
  out(text: string): void;
  /** Standard error: progress, summaries, errors. */
  err(text: string): void;
  readonly errIsTTY: boolean;
  /** Size of the terminal behind standard error, in characters. */
  errSize(): { readonly rows: number; readonly columns: number };
  readonly color: boolean;
}
