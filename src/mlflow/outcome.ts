/** What is asked of MLflow, and what came of it. */
import type { RunMetrics } from '../domain/metrics.js';
import type { Environment } from '../lib/environment.js';

export interface MlflowOptions {
  /** The tracking URI, as MLFLOW_TRACKING_URI has it; only http(s) and `databricks` are logged to from here. */
  readonly uri: string;
  /** Name of the experiment for a run of our own, which is made where it is missing. Empty: MLflow's default. */
  readonly experiment: string;
  /** The run that the command itself made; undefined or empty where none is known. */
  readonly runId: string | undefined;
  /** Read for MLflow's own variables: credentials, workspace, TLS. */
  readonly env: Environment;
  readonly payload: RunMetrics;
  /** The command failed: a run of its own that still runs has nobody left to end it, and is ended as failed. */
  readonly failed?: boolean;
  /** Files to keep with the run, where the server takes them itself. */
  readonly artifacts?: readonly string[];
  /** For all calls with their retries, in ms; 30,000 where left out. */
  readonly deadlineMs?: number;
  /** What one second of waiting before a retry lasts, in ms; 1,000 where left out. Tests make time short by it. */
  readonly secondMs?: number;
}

export interface MlflowOutcome {
  readonly action: 'logged' | 'skipped' | 'failed';
  /** The run that holds the metrics. */
  readonly runId?: string;
  /** Its page in MLflow's UI, without credentials. */
  readonly url?: string;
  /** What went wrong and the remedy, or why it was skipped; one line without credentials. */
  readonly warning?: string;
}
