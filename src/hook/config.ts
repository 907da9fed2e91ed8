/**
 * What a hook inside the command's processes needs to know, handed over as JSON in one environment variable.
 * Hooks match hosts by these patterns alone; they neither meter nor decide.
 */
export interface HookConfig {
  /** The gateway's port on 127.0.0.1. */
  readonly port: number;
  /** The run's secret, 64 hex digits; the gateway refuses a connection without it. */
  readonly secret: string;
  /** Hosts whose TLS connections go to the gateway: `host` or `host:port` (443 where it has none), `*` for any run. */
  readonly tls: readonly string[];
  /** Hosts whose plain-http connections go there too: the policy's own upstreams only (80 where it has no port). */
  readonly plain: readonly string[];
  /**
   * Hosts whose TLS connections stay as they are, and of which the hook tells the gateway, once a process and host:
   * `TB1 <secret> seen <host>:<port>\r\n` on a connection of its own, which is then closed.
   */
  readonly watch?: readonly string[];
  /** Left out where the policy says `mlflow: off`: then the hook leaves MLflow as it is. */
  readonly mlflow?: MlflowHook;
}

/** What the Python hook does with MLflow, where the command imports it. */
export interface MlflowHook {
  /**
   * File, absolute and there from the start with mode 0600, that tells us of MLflow's runs. Whenever one begins in a
   * process of the command, the hook appends one line of JSON, in a single write so that lines of processes do not mix:
   *
   *     {"event":"mlflow_run","run_id":"0a1b…","experiment_id":"1","tracking_uri":"http://127.0.0.1:5000",
   *      "kind":"evaluate","at":1792396800000,"python":"/venv/bin/python"}
   *
   * `kind` is `evaluate` for the run that `mlflow.genai.evaluate()` logs to, its own or one that was active, and
   * `start_run` for any other; a run that was told as the latter may be told again as the former. `at` is ms since 1970.
   * `tracking_uri` is where the run is, with the path of a sqlite or file store made absolute. `python`, which may be
   * left out, is `sys.executable`: an interpreter that has MLflow. Lines are untrusted: `readSeenRuns` and `readEvals`
   * check them.
   *
   * When `mlflow.genai.evaluate()` ends, also by an interrupt, one more line says what MLflow itself knows of it:
   *
   *     {"event":"mlflow_eval","run_id":"0a1b…","rows":100,"failed_rows":3,"traced":{"input_tokens":1,"output_tokens":2},
   *      "judged":{"input_tokens":1,"output_tokens":2},"at":1792396800000}
   *
   * `rows` counts the rows that were scored, `failed_rows` those of them whose function raised. `traced` sums
   * `mlflow.trace.tokenUsage` over the traces that MLflow scored, 0 where the traces or answers were handed in and not
   * made by this eval. `judged` sums `mlflow.assessment.judgeInputTokens` and `…OutputTokens` of their assessments; 0
   * before MLflow had them, and for scorers that call a model themselves. MLflow counts the first call of the function,
   * before the rows, nowhere; nor a row's further traces.
   */
  readonly runs: string;
  /**
   * With `auto`, each row of `evaluate()` gets the scores token_budget_used, token_budget_remaining (where the policy
   * limits the run's tokens) and token_budget_exceeded when its other scorers are done, as feedback with a rationale,
   * but for those that the program named itself; and its trace the tags token_budget.tokens, token_budget.cost_usd and
   * token_budget.calls, with what the row's own calls, judges' included, have used.
   */
  readonly scorers: 'auto' | 'off';
}

/** The variable that holds the configuration. */
export const HOOK_VARIABLE = 'TOKEN_BUDGET_HOOK';

/**
 * The first line a redirected connection sends: `TB1 <secret> <https|http> <host>:<port>\r\n`. Where a client library
 * cannot write before its own bytes, the same words (without the line end) stand in this header of each request.
 */
export const ROUTE_WORD = 'TB1';
/** See `ROUTE_WORD`. */
export const ROUTE_HEADER = 'x-token-budget-route';

/**
 * What a request is for, in a header that goes no further than the gateway: `<phase> [<row>]`, the phase one of
 * `preflight`, `predict`, `judge`, the row an identifier of up to 64 of `A-Z a-z 0-9 _ -`. A request for anything else
 * has none. In `mlflow.genai.evaluate()` the row is the id of its trace, the first where it has several, and of a
 * session's first trace for a judge of the whole session. The Python class names calls outside of a row `call-<hex>`.
 */
export const PURPOSE_HEADER = 'x-token-budget-context';

/** A host that is the gateway itself, asked by processes of the run where the budget stands; `http`, port 80. */
export const USAGE_HOST = 'token-budget.internal';
