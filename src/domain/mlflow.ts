/** What a policy says of MLflow. */
export interface MlflowPolicy {
  /** The tracking URI; empty where it is the one that MLflow itself would take. */
  readonly trackingUri: string;
  /** Name of the experiment for a run of our own; empty for MLflow's default. */
  readonly experiment: string;
  /** Whether `evaluate()` gets the token_budget_* scorers without naming them. */
  readonly scorers: 'auto' | 'off';
}

/** A run of MLflow's that a process of the command began. All of it is the command's own word. */
export interface SeenRun {
  readonly runId: string;
  /** Where the run is: `http://127.0.0.1:5000`, `sqlite:////work/mlflow.db`, `databricks`. */
  readonly trackingUri: string;
  /** `evaluate` for the run that an eval logs to, `start_run` for any other. */
  readonly kind: 'evaluate' | 'start_run';
  /** Absolute path of an interpreter that has MLflow, where it was told. */
  readonly python?: string;
}

/** Tokens as MLflow states them; 0 where it states none. */
export interface StatedTokens {
  readonly input: number;
  readonly output: number;
}

/** One evaluation in MLflow's own numbers. All of it is the command's own word. */
export interface StatedEval {
  /** The run that it logged to. */
  readonly runId: string;
  readonly rows: number;
  /** Rows without an answer. */
  readonly failedRows: number;
  /** In the traces of its rows. */
  readonly traced: StatedTokens;
  /** In what its judges' assessments say of themselves. */
  readonly judged: StatedTokens;
}
