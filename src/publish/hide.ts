/** Folds comments away as outdated, which only GraphQL can. */
import type { Octokit } from './client.js';
import type { OwnComment } from './own.js';

/** As many as one request may well carry; the rest is hidden by later runs. */
const MOST = 50;

/** Hides those that are not hidden yet, all by one request. Rejects where GitHub refuses any. */
export async function hideComments(octokit: Octokit, comments: readonly OwnComment[]): Promise<void> {
  const ids = comments
    .filter((comment) => !comment.minimized)
    .slice(-MOST)
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
