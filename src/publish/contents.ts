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
 * @returns undefined where there is no such file
 * @throws UsageError where it cannot be read
 */
export async function readContents(connection: Connection, file: FileRef): Promise<string | undefined> {
  const { owner, repo, path, ref } = file;
  try {
    return await withClient(connection, async ({ octokit }) => {
      const { data } = await octokit.rest.repos.getContent({ owner, repo, path, ref });
      if (Array.isArray(data) || data.type !== 'file') return undefined;
      return Buffer.from(data.content, 'base64').toString('utf8');
    });
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    const target = `${owner}/${repo}`;
    throw new UsageError(failureText(error, { failed: `${path} was not read`, permission: 'contents: read', target }));
  }
}
