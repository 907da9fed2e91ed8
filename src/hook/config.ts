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
}

export const HOOK_VARIABLE = 'TOKEN_BUDGET_HOOK';

/**
 * The first line a redirected connection sends: `TB1 <secret> <https|http> <host>:<port>\r\n`. Where a client library
 * cannot write before its own bytes, the same words (without the line end) stand in this header of each request.
 */
export const ROUTE_WORD = 'TB1';
export const ROUTE_HEADER = 'x-token-budget-route';
