/**
 * The invisible first lines of a comment of ours: whose it is, and the numbers that the next run compares with.
 *
 *   <!-- token-budget:v1 key=ci/evals run=123 attempt=1 sha=0123… -->
 *   <!-- token-budget:data eyJ2IjoxLC… -->
 *
 * They count only at the very start of a comment. A reply that quotes one has `> ` before it, a comment that repeats
 * one has words before it: neither is ours, and no text that we publish can bring a second one to the start.
 */
import { createHash } from 'node:crypto';
import { parseNumbers, type RunNumbers } from '../report/run-numbers.js';

/** What a comment belongs to, and the run that wrote it. */
export interface Identity {
  /** As `commentKey` makes it, or any text that the user chose. */
  readonly key: string;
  /** `GITHUB_RUN_ID`: grows from run to run. */
  readonly run: number;
  /** `GITHUB_RUN_ATTEMPT`, 1 or more. */
  readonly attempt: number;
  /** The head commit, hex. */
  readonly sha: string;
}

/** An identity as read from a comment, with its numbers. */
export interface Marker extends Identity {
  /** Undefined where the comment carries none, or none that can be read. */
  readonly numbers: RunNumbers | undefined;
}

const MOST_KEY = 200;
const MARKER = /^<!-- token-budget:v1 key=(\S+) run=(\d{1,16}) attempt=(\d{1,9}) sha=([0-9a-f]{0,64}) -->(?:\r?\n|$)/;
const DATA = /^<!-- token-budget:data ([A-Za-z0-9+/]{1,8000}={0,2}) -->(?:\r?\n|$)/;

/**
 * The key of a job's comment: by workflow, job, policy and the job's matrix values, so that no job overwrites another's.
 * `matrix` is `toJSON(matrix)`: null, empty or an object.
 */
export function commentKey(parts: { workflow: string; job: string; policy: string; matrix?: string }): string {
  const values = matrixValues(parts.matrix ?? '');
  return [parts.workflow, parts.job, parts.policy, ...values].join(' / ');
}

function matrixValues(json: string): string[] {
  try {
    const matrix: unknown = JSON.parse(json);
    if (typeof matrix !== 'object' || matrix === null) return [];
    return Object.entries(matrix)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  } catch {
    return json.trim() === '' ? [] : [json];
  }
}

/** The whole comment: marker, numbers, a blank line, and the body that people see. */
export function markedBody(identity: Identity, numbers: RunNumbers | undefined, body: string): string {
  const { run, attempt, sha } = identity;
  const data = numbers ? [`<!-- token-budget:data ${Buffer.from(JSON.stringify(numbers)).toString('base64')} -->`] : [];
  const marker = `<!-- token-budget:v1 key=${keyWord(identity.key)} run=${run} attempt=${attempt} sha=${sha} -->`;
  return [marker, ...data, '', body].join('\n');
}

/** The marker at the start of a comment, its key as `keyWord` writes it; undefined where the comment begins otherwise. */
export function readMarker(body: string): Marker | undefined {
  const match = MARKER.exec(body);
  if (!match) return undefined;
  const [line, key = '', run = '', attempt = '', sha = ''] = match;
  const data = DATA.exec(body.slice(line.length))?.[1];
  const numbers = data === undefined ? undefined : parseNumbers(Buffer.from(data, 'base64').toString('utf8'));
  return { key, run: Number(run), attempt: Number(attempt), sha, numbers };
}

/** A key as one word that can not end an HTML comment; where it is long, its end is replaced by a hash of all of it. */
export function keyWord(key: string): string {
  const wellFormed = Buffer.from(key).toString('utf8');
  const word = encodeURIComponent(wellFormed).replaceAll('%2F', '/').replaceAll('%3D', '=').replaceAll('-', '%2D');
  const readable = word.replaceAll(/(?<=[A-Za-z0-9])%2D(?=[A-Za-z0-9])/g, '-');
  if (readable.length <= MOST_KEY) return readable === '' ? '_' : readable;
  return `${readable.slice(0, MOST_KEY - 17)}.${createHash('sha256').update(wellFormed).digest('hex').slice(0, 16)}`;
}

/** Whether `a` is of a later run than `b`, or of a later attempt of the same run. */
export function isNewer(a: Identity, b: Identity): boolean {
  return a.run === b.run ? a.attempt > b.attempt : a.run > b.run;
}
