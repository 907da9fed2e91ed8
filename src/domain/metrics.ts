/** What a run tells MLflow, and where the run came from. */

/** One value of a metric. */
export interface MetricPoint {
  readonly name: string;
  /** Tokens, calls, 0 or 1, or USD. */
  readonly value: number;
  /** Calls settled by then, 0 or more. */
  readonly step: number;
  /** Wall clock, ms since 1970. */
  readonly timestamp: number;
}

/** A param or a tag. */
export interface NamedText {
  readonly name: string;
  readonly value: string;
}

/** What is logged of a run. */
export interface RunMetrics {
  /** The values at the end of the run; `token_budget_remaining` only where the policy limits the run's tokens. */
  readonly metrics: readonly MetricPoint[];
  /** Tokens and cost before the end, at most 200 points each, in order. */
  readonly series: readonly MetricPoint[];
  /** The policy's limits. */
  readonly params: readonly NamedText[];
  readonly tags: readonly NamedText[];
  /** Wall clock, ms since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Where the run came from; what is unknown is left out. */
export interface Origin {
  readonly commit?: string;
  readonly pullRequest?: number;
  /** Page of the CI run. */
  readonly runUrl?: string;
}
