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
   * left out, is `sys.executable`: an interpreter that has MLflow. At the end of each evaluation it appends one more:
   *
   *     {"event":"mlflow_eval","run_id":"0a1b…","rows":100,"failed_rows":3,"traced":{"input_tokens":1,"output_tokens":2},
   *      "judged":{"input_tokens":1,"output_tokens":2},"at":1792396800000}
   *
   * `traced` sums what the rows' traces state, `judged` what the assessments state of their judges; 0 where MLflow states
   * nothing. Lines are untrusted: `readSeenRuns` and `readEvals` check them.
   */
  readonly runs: string;
  /** Whether `evaluate()` gets the token_budget_* scorers without naming them. */
  readonly scorers: 'auto' | 'off';
}

export const HOOK_VARIABLE = 'TOKEN_BUDGET_HOOK';

/**
 * The first line a redirected connection sends: `TB1 <secret> <https|http> <host>:<port>\r\n`. Where a client library
 * cannot write before its own bytes, the same words (without the line end) stand in this header of each request.
 */
export const ROUTE_WORD = 'TB1';
export const ROUTE_HEADER = 'x-token-budget-route';

/**
 * What a request is for, in a header that goes no further than the gateway: `<phase> [<row>]`, the phase one of
 * `preflight`, `predict`, `judge`, the row an identifier of up to 64 of `A-Z a-z 0-9 _ -`. A request for anything else
 * has none.
 */
export const PURPOSE_HEADER = 'x-token-budget-context';

/** A host that is the gateway itself, asked by processes of the run where the budget stands; `http`, port 80. */
export const USAGE_HOST = 'token-budget.internal';
