import { UsageError } from '../domain/errors.js';
import { withClient, type Connection, type RepoName } from './client.js';
import { failureText, hasStatus } from './failure.js';

/** A file of a repository at a commit, branch or tag. */
export interface FileRef extends RepoName {
  readonly path: string;
  readonly ref: string;
}

/** `owner/repo/path@ref` in its parts; undefined where the text is an ordinary path. */
export function remoteFile(text: string): FileRef | undefined {
  const match = /^([\w.-]+)\/([\w.-]+)\/([^@]+)@([^@\s]+)$/.exec(text);
  const [, owner, repo, path, ref] = match ?? [];
  return owner && repo && path && ref ? { owner, repo, path, ref } : undefined;
}

/**
 * Reads a file through GitHub's API, never from the checkout: what is checked out may be the pull request's.
 * @returns undefined where the file does not exist, or the token cannot see it
 * @throws UsageError where it cannot be read
 */
export async function readContents(connection: Connection, file: FileRef): Promise<string | undefined> {
  const { owner, repo, path, ref } = file;
  try {
    return await withClient(connection, async ({ octokit }) => {
      const { data } = await octokit.rest.repos.getContent({ owner, repo, path, ref });
      return textOf(data, path);
    });
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw unread(error, file);
  }
}

/**
 * Makes sure that a file which was not found does not exist: GitHub answers the same for what a token cannot see.
 * @param commit that the file would be in, hex
 * @throws UsageError where the token cannot see the commit either
 */
export async function demandVisible(connection: Connection, file: FileRef, commit: string): Promise<void> {
  const { owner, repo } = file;
  try {
    await withClient(connection, ({ octokit }) => octokit.rest.git.getCommit({ owner, repo, commit_sha: commit }));
  } catch (error) {
    throw unread(error, file);
  }
}

/** What a pull request is to be merged into. */
export interface PullBase {
  readonly sha: string;
  readonly ref: string;
}

/** The base of a pull request of which the event tells the number alone. Throws UsageError where it cannot be read. */
export async function readPullBase(
  connection: Connection,
  { owner, repo }: RepoName,
  number: number,
): Promise<PullBase> {
  try {
    return await withClient(connection, async ({ octokit }) => {
      const { data } = await octokit.rest.pulls.get({ owner, repo, pull_number: number });
      return { sha: data.base.sha, ref: data.base.ref };
    });
  } catch (error) {
    const target = `pull request #${number} of ${owner}/${repo}`;
    const failed = `could not read the base of pull request #${number}`;
    throw new UsageError(failureText(error, { failed, permission: 'pull-requests: read', target }));
  }
}

function textOf(data: unknown, path: string): string {
  const { type, encoding, content } = isObject(data) ? data : {};
  if (type !== 'file' || typeof content !== 'string') throw new UsageError(`${path} is not a file in that repository`);
  // Of files above 1 MB the answer has no content.
  if (encoding !== 'base64') throw new UsageError(`${path} is larger than 64 KiB`);
  return Buffer.from(content, 'base64').toString('utf8');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unread(error: unknown, { owner, repo, path }: FileRef): UsageError {
  if (error instanceof UsageError) return error;
  const target = `${owner}/${repo}`;
  return new UsageError(failureText(error, { failed: `could not read ${path}`, permission: 'contents: read', target }));
}
