/** How those are answered whose requests go nowhere: refused calls, wrong requests, strangers. */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RefusalReason } from '../domain/call.js';
import type { Refusal } from '../ledger/contract.js';
import type { Dialect } from '../meter/dialects/dialect.js';
import type { Provider } from '../providers/provider.js';
import type { Incoming, Reply } from './message.js';

/**
 * What a refused call's program prints. Constant and without a digit: clients put the body into their error's text,
 * and evaluation harnesses retry whenever that text contains 429 or "rate limit".
 */
const MESSAGES: Readonly<Record<RefusalReason, string>> = {
  exhausted:
    'token-budget: this call does not fit in what is left of the budget, so it was not sent. See the report and token-budget.yml',
  held: 'token-budget: the rest of the budget is reserved by calls in flight, so this call was not sent. See the report and token-budget.yml',
  call_too_large:
    'token-budget: this call alone could exceed a limit of the budget, so it was not sent. Lower its output limit, or see token-budget.yml',
  unpriced:
    'token-budget: a cost limit applies, and no price is known for this model, so this call was not sent. Add a price under rates in token-budget.yml',
  unmetered: 'token-budget: this request cannot be metered, so it was not sent. See token-budget.yml',
  abandoned: 'token-budget: the caller gave up while this call waited, so it was not sent. See the report',
  stopped: 'token-budget: the run is being stopped, so this call was not sent. See the report',
};

/** The client itself must fetch the results that free the budget, so waiting would not help. */
const HELD_BY_JOBS =
  'token-budget: the rest of the budget is reserved by jobs whose results were not fetched yet, so this call was not sent. Fetch their results first, or see the report and token-budget.yml';

/**
 * Answers a call that must not be sent: HTTP 402 and `x-should-retry: false`, the one status that no known SDK tries
 * again, in the dialect's own error shape. The numbers stand in headers, where no error text picks them up.
 */
export function sendRefusal(response: Reply, dialect: Dialect, provider: Provider, refusal: Refusal): void {
  const { reason, unpriced } = refusal;
  const body = Buffer.from(JSON.stringify(dialect.refusal(messageOf(refusal), reason, provider)));
  response.writeHead(402, {
    'content-type': 'application/json',
    'content-length': body.length,
    'cache-control': 'no-store',
    'x-should-retry': 'false',
    'x-token-budget': reason,
    ...(unpriced !== undefined && { 'x-token-budget-unpriced': unpriced }),
    ...dialect.refusalHeaders,
    ...limitHeaders(refusal.limit),
  });
  response.end(body);
}

function messageOf({ reason, unpriced, deferred }: Refusal): string {
  if (deferred) return HELD_BY_JOBS;
  return unpriced === undefined ? MESSAGES[reason] : unpricedMessage(unpriced);
}

/** Names what has no price, unless there is a digit in its name: the header has that one, and the report. */
function unpricedMessage(unpriced: string): string {
  const part = /\d/.test(unpriced) ? unpriced.replace(/ \S*\d\S*/g, '') : unpriced;
  return (
    `token-budget: a cost limit applies, and no price is known for ${part} of this call, so it was not sent. ` +
    'Set its rate, fees and service tiers under rates in token-budget.yml, or see the report'
  );
}

/** Answers for the gateway itself: a wrong secret, a host that is not allowed, an upstream that cannot be reached. */
export function sendProblem(response: Reply, status: number, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = Buffer.from(
    JSON.stringify({ error: { message: `token-budget: ${message}`, type: 'token_budget_gateway' } }),
  );
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

function limitHeaders(limit: Refusal['limit']): Record<string, string> {
  if (!limit) return {};
  return {
    'x-token-budget-limit': `${limit.scope} ${limit.dimension}`.replace(/[^\x20-\x7e]/g, '?'),
    'x-token-budget-ceiling': String(limit.ceiling),
    'x-token-budget-settled': String(limit.settled),
    'x-token-budget-held': String(limit.held),
  };
}

/** Answers a request that goes nowhere; its client reads that only after it could send all of it. */
export function turnDown(request: Incoming, response: Reply, status: number, message: string): void {
  request.resume();
  sendProblem(response, status, message);
}

/** Ends the connection of a stranger, who may go on sending for a moment without being read. */
export function turnAway(socket: Socket): void {
  socket.resume();
  socket.setTimeout(1_000, () => socket.destroy());
  endWith(socket, '401 Unauthorized');
}

/**
 * The last bytes of a connection: a head without a body.
 * @param ended told when they have been written, or cannot be any more
 */
export function endWith(socket: Duplex, head: string, ended?: () => void): void {
  socket.end(`HTTP/1.1 ${head}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, ended);
}
