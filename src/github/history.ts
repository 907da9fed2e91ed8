/**
 * What a run is compared with, from where GitHub keeps it already.
 *
 * The previous run on the same pull request: the numbers that our own comment there carries.
 *
 * The base branch, the nearest first:
 * 1. the artifact of the newest successful run of this workflow on the base commit (`actions: read`, and a step of the
 *    user's that uploads it);
 * 2. our comment on the pull request that was merged as that commit: no further permission and no further step;
 * 3. the artifact of the newest successful run on the branch;
 * 4. our comment on the pull request that was merged into the branch last.
 *
 * Comments need nothing that the action does not have anyway, so a comparison works from the second pull request on;
 * artifacts also cover schedules and direct pushes. No cache: it can be read only through the runner's internal API.
 */
import { artifactNumbers } from './artifact.js';
import { withClient, type Client, type Connection, type RepoName } from './client.js';
import { failureText, hasStatus } from './failure.js';
import type { Identity } from './marker.js';
import { latest, ownComments, type PullRef } from './own-comments.js';
import { mergedAs, mergedLast } from './pulls.js';
import type { RunNumbers } from '../report/run-numbers.js';

/** The numbers and where they come from, or why there are none. */
export type Found =
  | {
      readonly found: true;
      readonly numbers: RunNumbers;
      /** For a sentence: `the run on main at 0123abc`. */
      readonly source: string;
      readonly url: string;
    }
  | {
      readonly found: false;
      /** A sentence. */
      readonly reason: string;
    };

/** Which run of a pull request to find. */
export interface PreviousQuery {
  readonly connection: Connection;
  readonly pull: PullRef;
  readonly identity: Identity;
}

/** Which run of the base branch to find. */
export interface BaseQuery {
  readonly connection: Connection;
  readonly repo: RepoName;
  /** The key of our comments. */
  readonly key: string;
  /** Hex; empty where it is not known, and only the branch is looked at. */
  readonly baseSha: string;
  /** The branch's name, without `refs/heads/`. */
  readonly baseRef: string;
  /** File name of the workflow: `evals.yml`. */
  readonly workflow: string;
  /** `token-budget-report` by default. */
  readonly artifactName: string;
}

/** The numbers of the run before this one on the same pull request. Never rejects. */
export async function previousNumbers({ connection, pull, identity }: PreviousQuery): Promise<Found> {
  const permission = 'pull-requests: read';
  const failed = 'Could not look up the previous run';
  try {
    const own = await withClient(connection, (client) => ownComments(client, pull, identity.key));
    const earlier = own.filter(({ marker }) => marker.run !== identity.run || marker.attempt < identity.attempt);
    const last = latest(earlier.filter(({ marker }) => marker.run <= identity.run && marker.numbers));
    const numbers = last?.marker.numbers;
    if (!last || !numbers) return { found: false, reason: 'No earlier run on this pull request to compare with.' };
    return { found: true, numbers, source: `the previous run${atText(last.marker.sha)}`, url: last.url };
  } catch (error) {
    const target = `pull request #${pull.number}`;
    return { found: false, reason: failureText(error, { failed, permission, target }) };
  }
}

/** The numbers of the base branch. Never rejects. */
export async function baseNumbers(query: BaseQuery): Promise<Found> {
  try {
    return await withClient(query.connection, (client) => nearest(client, query));
  } catch (error) {
    return { found: false, reason: failureText(error, undertaking('contents: read', query)) };
  }
}

type Source = (client: Client, query: BaseQuery) => Promise<Found | undefined>;

const fromRunOnCommit: Source = (client, query) => fromArtifact(client, query, { sha: query.baseSha });
const fromRunOnBranch: Source = (client, query) => fromArtifact(client, query, { branch: query.baseRef });
const fromMergedPull: Source = async (client, query) => fromComments(client, query, await mergedAs(client, query));
const fromLastPulls: Source = async (client, query) => fromComments(client, query, await mergedLast(client, query));

function sourcesFor({ baseSha }: BaseQuery): Source[] {
  const ofBranch = [fromRunOnBranch, fromLastPulls];
  return baseSha === '' ? ofBranch : [fromRunOnCommit, fromMergedPull, ...ofBranch];
}

/** Each source on its own: where one is refused for want of a permission, another may still answer. */
async function nearest(client: Client, query: BaseQuery): Promise<Found> {
  const refusals: string[] = [];
  let artifactsRefused = false;
  for (const source of sourcesFor(query)) {
    const ofArtifacts = source === fromRunOnCommit || source === fromRunOnBranch;
    if (ofArtifacts && artifactsRefused) continue;
    try {
      const found = await source(client, query);
      if (found) return found;
    } catch (error) {
      client.deadline.signal.throwIfAborted();
      artifactsRefused ||= ofArtifacts && hasStatus(error, 403, 404);
      refusals.push(failureText(error, undertaking(ofArtifacts ? 'actions: read' : 'pull-requests: read', query)));
    }
  }
  return { found: false, reason: [nothingText(query), ...new Set(refusals)].join(' ') };
}

function nothingText({ baseRef, artifactName }: BaseQuery): string {
  return `No baseline from ${baseRef} yet: no artifact ${artifactName}, and no comment on a merged pull request.`;
}

function undertaking(permission: string, { baseRef, workflow }: BaseQuery) {
  const ofRuns = permission === 'actions: read';
  const target = ofRuns ? `the workflow ${workflow}` : `the history of ${baseRef}`;
  return {
    failed: ofRuns ? 'Could not look up its artifacts' : 'Could not look up its comments',
    permission,
    target,
  };
}

async function fromArtifact(client: Client, query: BaseQuery, of: { sha: string } | { branch: string }) {
  const found = await artifactNumbers(client, { ...query, of });
  if (!found) return undefined;
  const source = `the run on ${query.baseRef}${atText(found.sha)}`;
  return { found: true, numbers: found.numbers, source, url: found.url } as const;
}

async function fromComments(client: Client, query: BaseQuery, pulls: readonly number[]): Promise<Found | undefined> {
  for (const number of pulls) {
    const last = latest(await ownComments(client, { ...query.repo, number }, query.key));
    const numbers = last?.marker.numbers;
    if (!last || !numbers) continue;
    return { found: true, numbers, source: `#${number}, merged into ${query.baseRef}`, url: last.url };
  }
  return undefined;
}

function atText(sha: string): string {
  return sha === '' ? '' : ` at ${sha.slice(0, 7)}`;
}
