/** Which comments are ours: those that begin with our marker and key, and that the token's own account wrote. */
import type { Client, Octokit, RepoName } from './client.js';
import { isNewer, keyWord, readMarker, type Marker } from './marker.js';

/** A pull request of a repository. */
export interface PullRef extends RepoName {
  readonly number: number;
}

/** A comment of ours. */
export interface OwnComment {
  readonly id: number;
  readonly nodeId: string;
  readonly url: string;
  readonly body: string;
  /** Hidden already, where GitHub says so. */
  readonly minimized: boolean;
  readonly marker: Marker;
}

interface Author {
  readonly login: string;
  readonly type: string;
}

/** The account behind the workflow's own GITHUB_TOKEN. No user can have this login: brackets are not allowed in one. */
const ACTIONS_BOT = 'github-actions[bot]';

/** Our comments of this key on a pull request, lowest id first, from all its pages. */
export async function ownComments(client: Client, pull: PullRef, key: string): Promise<OwnComment[]> {
  const word = keyWord(key);
  const marked = (await allComments(client.octokit, pull)).filter(({ comment }) => comment.marker.key === word);
  if (marked.length === 0) return [];
  const login = await ownLogin(client.plain);
  return marked
    .filter(({ author }) => author.login.toLowerCase() === login.toLowerCase())
    .map(({ comment }) => comment)
    .sort((a, b) => a.id - b.id);
}

/** The comment of the latest run among ours; undefined where there is none. */
export function latest(comments: readonly OwnComment[]): OwnComment | undefined {
  return comments.reduce<OwnComment | undefined>(
    (best, each) => (best && !isNewer(each.marker, best.marker) ? best : each),
    undefined,
  );
}

async function allComments(octokit: Octokit, { owner, repo, number }: PullRef) {
  const found: { author: Author; comment: OwnComment }[] = [];
  const pages = octokit.paginate.iterator(octokit.rest.issues.listComments, {
    owner,
    repo,
    issue_number: number,
    per_page: 100,
  });
  for await (const page of pages) {
    for (const { id, node_id: nodeId, html_url: url, body = '', user, ...rest } of page.data) {
      const marker = readMarker(body);
      const minimized = 'minimized' in rest && rest.minimized !== null && rest.minimized !== undefined;
      if (marker && user) found.push({ author: user, comment: { id, nodeId, url, body, minimized, marker } });
    }
  }
  return found;
}

/**
 * The login that the token writes under. GraphQL tells it to every kind of token, REST only to those of users; where
 * neither does, it is taken to be the workflow's own token.
 */
async function ownLogin(plain: Octokit): Promise<string> {
  try {
    const answer = await plain.graphql<{ viewer?: { login?: unknown } }>('query { viewer { login } }');
    if (typeof answer.viewer?.login === 'string') return answer.viewer.login;
  } catch {
    // Servers without GraphQL, and tokens that may not use it, are asked below.
  }
  try {
    return (await plain.rest.users.getAuthenticated()).data.login;
  } catch {
    return ACTIONS_BOT;
  }
}
