/**
 * The sticky comment. Whatever goes wrong here ends in one warning: a comment never changes a verdict. An older run
 * never replaces what a newer one wrote, and what several runs wrote side by side converges on the first comment.
 */
import { withClient, type Client, type Connection, type Octokit } from './client.js';
import { pause } from '../lib/deadline.js';
import { failureText, hasStatus, isServerFailure, type Undertaking } from './failure.js';
import { isNewer, markedBody, type Identity } from './marker.js';
import { latest, ownComments, type OwnComment, type PullRef } from './own-comments.js';
import type { CommentChoices } from './comment-choices.js';
import type { RunNumbers } from '../report/run-numbers.js';

/** What to write, where, and as whose comment. */
export interface CommentOptions {
  readonly connection: Connection;
  readonly pull: PullRef;
  readonly mode: CommentChoices['comment'];
  readonly identity: Identity;
  /** What people read, at most 65,536 characters with its marker. */
  readonly body: string;
  /** A shorter body, asked for once, where GitHub refuses the first as too long. */
  readonly shorter: () => string;
  /** What the next run compares with, carried in the comment. */
  readonly numbers?: RunNumbers;
}

/** What became of the comment. */
export interface CommentOutcome {
  readonly action: 'created' | 'updated' | 'unchanged' | 'skipped' | 'failed';
  /** The comment's id; null where there is none. */
  readonly id: number | null;
  /** What went wrong, and the remedy; one line. */
  readonly warning?: string;
  /** Why it was left alone where nothing went wrong; one line. */
  readonly notice?: string;
}

type Done = Pick<CommentOutcome, 'action' | 'id'>;

/** One publication under way: `done` is told as soon as the comment stands, whatever comes after it. */
interface Job extends CommentOptions {
  readonly done: (done: Done) => void;
}

/** How often to try to create a comment when GitHub fails. */
const TRIES = 3;

/** Writes or updates the comment, or leaves it as it is. Never rejects. */
export async function publishComment(options: CommentOptions): Promise<CommentOutcome> {
  if (options.mode === 'off') return { action: 'skipped', id: null };
  let stands: Done | undefined;
  const done = (what: Done) => {
    stands = what;
  };
  try {
    return await withClient(options.connection, (client) => publish(client, { ...options, done }));
  } catch (error) {
    if (stands) return { ...stands, warning: failureText(error, TIDYING) };
    return { action: 'failed', id: null, warning: failureText(error, undertakingOf(options.pull)) };
  }
}

const TIDYING: Undertaking = {
  failed: 'Could not delete or hide earlier comments',
  permission: 'pull-requests: write',
  target: 'one of these comments',
};

function undertakingOf({ owner, repo, number }: PullRef): Undertaking {
  return {
    failed: 'Could not write the comment',
    permission: 'pull-requests: write',
    target: `pull request #${number} of ${owner}/${repo}`,
  };
}

async function publish(client: Client, job: Job): Promise<CommentOutcome> {
  try {
    return await fromFreshLook(client, job, job.body);
  } catch (error) {
    if (!hasStatus(error, 422)) throw error;
    return { warning: shortened(job.pull), ...(await fromFreshLook(client, job, job.shorter())) };
  }
}

function shortened({ number }: PullRef): string {
  return `The comment on #${number} was shortened: GitHub refused the full text as too long. The report files have all of it.`;
}

/**
 * Looks at what is there and acts on it. A failure on GitHub's side while creating leaves it open whether the comment
 * exists: another look decides, where a blind second try would leave two.
 */
async function fromFreshLook(client: Client, job: Job, body: string, tried = 1): Promise<CommentOutcome> {
  const own = await ownComments(client, job.pull, job.identity.key);
  const newest = latest(own);
  if (newest && isNewer(newest.marker, job.identity)) return olderRun(newest);
  try {
    return await write(client, job, own, markedBody(job.identity, job.numbers, body));
  } catch (error) {
    const again = isServerFailure(error) || (hasStatus(error, 404) && own.length > 0);
    const wait = tried ** 2 * client.secondMs;
    if (!again || tried >= TRIES || wait >= client.deadline.left()) throw error;
    await pause(wait);
    return fromFreshLook(client, job, body, tried + 1);
  }
}

function olderRun(newest: OwnComment): CommentOutcome {
  const { run, attempt } = newest.marker;
  const notice = `Kept the existing comment: it is from a newer run (${run}, attempt ${attempt}).`;
  return { action: 'skipped', id: newest.id, notice };
}

async function write(client: Client, job: Job, own: readonly OwnComment[], text: string): Promise<CommentOutcome> {
  const [first, ...others] = own;
  const same = own.find((comment) => comment.body === text);
  if (job.mode === 'update' && first) {
    const done = first === same ? unchanged(first) : await update(client, job, first, text);
    return tidy(job, done, () => remove(client, job, others));
  }
  // The same run may publish once more after it was cut short: what it wrote already stands.
  const done = same ? unchanged(same) : await create(client, job, text);
  const earlier = own.filter((comment) => comment !== same);
  if (job.mode === 'delete-and-new') return tidy(job, done, () => remove(client, job, earlier));
  if (job.mode === 'hide-and-new') return tidy(job, done, () => hideComments(client.octokit, earlier));
  return done;
}

function unchanged({ id }: OwnComment): Done {
  return { action: 'unchanged', id };
}

async function create({ octokit }: Client, { pull }: Job, body: string): Promise<Done> {
  const { owner, repo, number } = pull;
  // Not by the retry plugin: see fromFreshLook.
  const request = { retries: 0 };
  const { data } = await octokit.rest.issues.createComment({ owner, repo, issue_number: number, body, request });
  return { action: 'created', id: data.id };
}

async function update({ octokit }: Client, { pull }: Job, { id }: OwnComment, body: string): Promise<Done> {
  const { owner, repo } = pull;
  await octokit.rest.issues.updateComment({ owner, repo, comment_id: id, body });
  return { action: 'updated', id };
}

async function remove({ octokit }: Client, { pull }: Job, comments: readonly OwnComment[]): Promise<void> {
  const { owner, repo } = pull;
  for (const { id } of comments) {
    try {
      await octokit.rest.issues.deleteComment({ owner, repo, comment_id: id });
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
    }
  }
}

/** What stands already counts as done where clearing up after it fails. */
async function tidy(job: Job, done: Done, work: () => Promise<void>): Promise<CommentOutcome> {
  job.done(done);
  try {
    await work();
    return done;
  } catch (error) {
    return { ...done, warning: failureText(error, TIDYING) };
  }
}

/** How many to hide with one request; later runs hide the rest. */
const HIDDEN_AT_ONCE = 50;

/** Hides those that are not hidden yet, all by one request. Rejects where GitHub refuses any. */
async function hideComments(octokit: Octokit, comments: readonly OwnComment[]): Promise<void> {
  const ids = comments
    .filter((comment) => !comment.minimized)
    .slice(-HIDDEN_AT_ONCE)
    .map((comment) => comment.nodeId);
  if (ids.length === 0) return;
  const names = ids.map((_, i) => `$c${i}: ID!`).join(', ');
  const fields = ids.map(
    (_, i) =>
      `m${i}: minimizeComment(input: { subjectId: $c${i}, classifier: OUTDATED }) { minimizedComment { isMinimized } }`,
  );
  const variables = Object.fromEntries(ids.map((id, i) => [`c${i}`, id]));
  await octokit.graphql(`mutation(${names}) { ${fields.join(' ')} }`, variables);
}
