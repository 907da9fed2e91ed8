/** The base branch's copy of a pull request's policy, through the API: what is checked out may be the pull request's own. */
import { resolve } from 'node:path';
import { placeInRepository } from './checkout.js';
import { PolicyError, UsageError } from '../domain/errors.js';
import type { Inputs } from './inputs.js';
import type { EventContext } from '../github/event.js';
import { loadPolicy, type LoadedPolicy } from '../policy/load.js';
import { besideRemote, withPrices } from '../run/price-files.js';
import { demandVisible, readContents, readPullBase, remoteFile, type PullBase } from '../github/contents.js';

/** What the base branch says. */
export type Base =
  /** There is no pull request, or its policy is none of this repository's files. */
  | { readonly kind: 'none' }
  | { readonly kind: 'policy'; readonly loaded: LoadedPolicy }
  /** The branch has no such file: that was made sure of. */
  | { readonly kind: 'absent'; readonly path: string; readonly branch: string }
  /** Nobody knows. */
  | { readonly kind: 'unread'; readonly reason: string };

/**
 * @param file the policy's path as the workflow spells it
 * @throws UsageError under `policy-source: base` where that file cannot have a copy there, or it cannot be read: a run
 * under another policy must not look like one under the base's
 */
export async function readBase(workspace: string, file: string, inputs: Inputs, event: EventContext): Promise<Base> {
  const pull = pullOf(inputs, event);
  if (pull === undefined) return { kind: 'none' };
  const decides = inputs.policySource === 'base';
  if (inputs.policyInline !== '' || remoteFile(inputs.policy)) return decides ? refused() : { kind: 'none' };
  try {
    return await readCopy(resolve(workspace), file, pull, inputs, event);
  } catch (error) {
    // Told where it only informs; where it decides, the run must not go on under another policy.
    if (decides) throw decisive(error);
    return { kind: 'unread', reason: reasonOf(error) };
  }
}

interface PullFacts extends PullBase {
  readonly number: number;
  readonly headRepo: string;
}

/** The pull request of the event, or the one that the workflow names; its base is empty where it is to be asked for. */
function pullOf({ prNumber }: Inputs, { pr }: EventContext): PullFacts | undefined {
  if (pr) return { number: pr.number, sha: pr.baseSha, ref: pr.baseRef, headRepo: pr.headRepo ?? '' };
  return prNumber === undefined ? undefined : { number: prNumber, sha: '', ref: '', headRepo: '' };
}

function refused(): never {
  throw new UsageError(
    'input policy-source: base needs a policy file in this repository; it cannot be used with policy-inline or owner/repo/path@ref',
  );
}

async function readCopy(
  workspace: string,
  file: string,
  pull: PullFacts,
  { token, policySource }: Inputs,
  { owner, repo, apiUrl }: EventContext,
): Promise<Base> {
  const place = placeInRepository(workspace, file, [`${owner}/${repo}`, pull.headRepo]);
  // A file that the workflow itself brings is not the pull request's to change.
  if ('problem' in place && place.outside && policySource === 'head') return { kind: 'none' };
  if ('problem' in place)
    throw new UsageError(`the policy ${file} ${place.problem}, so the base branch has no copy of it`);
  if (token === '')
    throw new UsageError('reading the base branch needs a github-token with the permission contents: read');
  const connection = { token, apiUrl };
  // A comment's event does not say its pull request's base.
  const { sha, ref } = pull.sha === '' ? await readPullBase(connection, { owner, repo }, pull.number) : pull;
  const copy = { owner, repo, path: place.path, ref: pull.sha === '' ? ref : sha };
  const text = await readContents(connection, copy);
  if (text !== undefined) {
    const loaded = loadPolicy(text, place.path);
    const policy = await withPrices(loaded.policy, besideRemote(copy, place.path, connection), new Date());
    return { kind: 'policy', loaded: { ...loaded, policy } };
  }
  await demandVisible(connection, copy, sha);
  return { kind: 'absent', path: place.path, branch: ref };
}

/** The same error with the input that makes it matter. */
function decisive(error: unknown): unknown {
  return error instanceof UsageError ? new UsageError(`input policy-source: base: ${error.message}`) : error;
}

function reasonOf(error: unknown): string {
  if (error instanceof PolicyError) return `it has ${error.problems.length} problem(s)`;
  return error instanceof Error ? error.message : String(error);
}
