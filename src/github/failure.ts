/**
 * Why GitHub did not do what it was asked to, in one sentence with the cause and the remedy. GitHub's own words only
 * decide which sentence it is. They are never repeated, so nothing from outside reaches a log this way.
 */
import { DeadlineError } from '../lib/deadline.js';

/** What was attempted, for the sentence. */
export interface Undertaking {
  /** `The comment was not written`. */
  readonly failed: string;
  /** `pull-requests: write`. */
  readonly permission: string;
  /** `pull request #12 of octo/evals`. */
  readonly target: string;
}

/** What an HTTP answer tells about a failure; all that is read of an error. */
interface Answer {
  readonly status: number;
  readonly message: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** One line: what failed, why, and the remedy where there is one. */
export function failureText(error: unknown, undertaking: Undertaking): string {
  return `${undertaking.failed}: ${causeOf(error, undertaking)}`;
}

/** Whether the error is an HTTP answer of that status. */
export function hasStatus(error: unknown, ...statuses: readonly number[]): boolean {
  const answer = answerOf(error);
  return answer !== undefined && statuses.includes(answer.status);
}

/** Whether GitHub failed on its side, or broke the connection off: what was asked may or may not have been done. */
export function isServerFailure(error: unknown): boolean {
  return (answerOf(error)?.status ?? 0) >= 500;
}

function causeOf(error: unknown, undertaking: Undertaking): string {
  if (error instanceof DeadlineError) return `GitHub gave ${error.message}.`;
  const answer = answerOf(error);
  if (!answer) return 'GitHub could not be reached, or sent an unreadable answer.';
  if (isRateLimit(answer)) return `the token has reached GitHub's rate limit${againText(answer)}.`;
  return statusText(answer, undertaking);
}

function statusText({ status, message, headers }: Answer, { permission, target }: Undertaking): string {
  if (status === 401) return 'GitHub does not accept the token: it is wrong, expired or revoked.';
  if (status === 403 && /locked/i.test(message)) return `${target} is locked.`;
  if (status === 403) return permissionText(permission, headers);
  if (status === 404) {
    return `${target} does not exist, or the token cannot see it (for a private repository it needs \`${permission}\`).`;
  }
  if (status === 410) return `${target} was deleted, or issues and pull requests are turned off in the repository.`;
  if (status === 422) return `GitHub refused the text as invalid (${tooLong(message) ? 'too long' : 'status 422'}).`;
  if (status >= 500) return `GitHub failed or could not be reached (status ${status}), also on retry.`;
  return `GitHub answered with status ${status}.`;
}

/** `X-Accepted-GitHub-Permissions` is GitHub's own word for what was missing: `issues=write; pull_requests=write`. */
function permissionText(permission: string, headers: Answer['headers']): string {
  const [name = ''] = permission.split(':');
  const header = headers['x-accepted-github-permissions'];
  const accepted = typeof header === 'string' ? header : '';
  const known = accepted === '' || accepted.includes(name.replace('-', '_'));
  const missing = known ? `\`${permission}\`` : `\`${permission}\` (GitHub asks for ${permissionWords(accepted)})`;
  return (
    `the token lacks the permission ${missing}. Add it under \`permissions:\` of the job. ` +
    'On pull requests from forks the token is always read-only.'
  );
}

function permissionWords(accepted: string): string {
  return accepted.replace(/[^a-z_=;, ]/g, '').slice(0, 100);
}

function isRateLimit({ status, message, headers }: Answer): boolean {
  if (status !== 403 && status !== 429) return false;
  return status === 429 || /rate limit/i.test(message) || headers['x-ratelimit-remaining'] === '0';
}

function againText({ headers }: Answer): string {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? `, for another ${seconds} s` : '';
}

function tooLong(message: string): boolean {
  return /too long/i.test(message);
}

/** The parts of a failed request, told by its shape: the class may come from another copy of the package. */
function answerOf(error: unknown): Answer | undefined {
  if (!(error instanceof Error)) return undefined;
  const headers = recordIn(recordIn(error, 'response'), 'headers') ?? {};
  const status = 'status' in error ? error.status : graphqlStatus(error);
  return typeof status === 'number' ? { status, message: error.message, headers } : undefined;
}

/** GraphQL answers 200 and says in `errors` what REST says by its status. */
function graphqlStatus(error: Error): number | undefined {
  const errors = 'errors' in error && Array.isArray(error.errors) ? (error.errors as unknown[]) : [];
  const types = errors.map((each) => (typeof each === 'object' && each && 'type' in each ? each.type : undefined));
  if (types.includes('FORBIDDEN')) return 403;
  return types.includes('NOT_FOUND') ? 404 : undefined;
}

function recordIn(value: unknown, key: string): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const inner: unknown = (value as Record<string, unknown>)[key];
  return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : undefined;
}
