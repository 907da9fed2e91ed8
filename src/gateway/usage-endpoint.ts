import { scopeName, type Limit } from '../domain/limit.js';
import { USAGE_HOST } from '../hook/config.js';
import type { RowUse } from '../ledger/rows.js';
import type { Incoming, Reply } from './message.js';
import { sendProblem } from './refusal.js';
import type { GatewayParts } from './shared.js';
import type { Origin } from './origin.js';

type Parts = Pick<GatewayParts, 'ledger' | 'rows' | 'policy'>;

const PATH = '/v1/usage';
const ROW = /^[\w-]{1,64}$/;

/** Whether a request is for the gateway itself. */
export function isUsageRoute({ scheme, host, port }: Origin): boolean {
  return host === USAGE_HOST && scheme === 'http' && port === 80;
}

/**
 * Answers `GET /v1/usage[?row=ID]` with counts and nothing else: where the run stands, and what the calls for one row
 * have used. Tokens are whole, money is in nano-USD; `limit` and `remaining` are those of the run's tokens, null
 * where the policy does not limit them.
 */
export function sendUsage(parts: Parts, request: Incoming, response: Reply): void {
  const [path, query] = (request.url ?? '').split('?', 2);
  const row = new URLSearchParams(query).get('row');
  request.resume();
  if (request.method !== 'GET' || path !== PATH || (row !== null && !ROW.test(row))) {
    sendProblem(response, 404, 'unknown path; use GET /v1/usage');
    return;
  }
  const usage = { ...runUsage(parts), ...(row === null ? {} : { row: rowUsage(parts.rows.of(row)) }) };
  const body = Buffer.from(JSON.stringify(usage));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

function runUsage({ ledger, rows, policy }: Parts) {
  const { settled, limits, refused } = ledger.snapshot();
  const tokens = limits.find(({ limit }) => limit.dimension === 'tokens' && limit.scope.kind === 'run');
  return {
    on_exceed: policy.onExceed,
    used: settled.tokens,
    input: settled.input_tokens,
    output: settled.output_tokens,
    calls: settled.calls,
    refused,
    cost_nano_usd: settled.cost_usd,
    limit: tokens?.limit.ceiling ?? null,
    remaining: tokens ? Math.max(0, tokens.limit.ceiling - tokens.settled) : null,
    exceeded: rows.broken || limits.some((each) => each.settled > each.limit.ceiling),
    limits: limits.map(({ limit, ...balance }) => ({ ...named(limit), ceiling: limit.ceiling, ...balance })),
  };
}

function named({ dimension, scope }: Limit) {
  return { dimension, scope: scopeName(scope) };
}

function rowUsage({ calls, refused, input, output, cost }: RowUse) {
  return { calls, refused, input, output, used: input + output, cost_nano_usd: cost };
}
