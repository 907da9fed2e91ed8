/** The world's things in the shapes of GitHub's API. */
import { sample, type Json } from './contract.js';
import type { Account, Artifact, Comment, Pull, Run, World } from './world.js';

/** An id that is the same for the same name. */
function idOf(name: string): number {
  return Array.from(name).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003, 7);
}

export function userShape({ login, type }: Account): Json {
  return sample('simple-user', { login, type, id: idOf(login), node_id: `U_${login}`, gravatar_id: '' });
}

export function commentShape(world: World, comment: Comment): Json {
  const { id, node_id, body, user, created_at, updated_at, issue } = comment;
  return sample('issue-comment', {
    id,
    node_id,
    body,
    created_at,
    updated_at,
    user: userShape(user),
    html_url: `https://github.com/${world.owner}/${world.repo}/pull/${issue}#issuecomment-${id}`,
    minimized: comment.minimized ? { reason: 'outdated' } : null,
  });
}

export function repositoryShape(world: World, schema: 'full-repository' | 'minimal-repository', id: number): Json {
  const owner = userShape({ login: id === world.repositoryId ? world.owner : 'stranger', type: 'User' });
  return sample(schema, { id, name: world.repo, full_name: `${world.owner}/${world.repo}`, owner });
}

export function pullShape(world: World, schema: 'pull-request' | 'pull-request-simple', pull: Pull): Json {
  const { number, state, locked, merged_at, merge_commit_sha, updated_at } = pull;
  const user = userShape({ login: 'ada', type: 'User' });
  const repo = sample('repository', { id: world.repositoryId, owner: userShape({ login: world.owner, type: 'User' }) });
  const side = ({ ref, sha }: Pull['base']) => ({ label: `${world.owner}:${ref}`, ref, sha, repo, user });
  const html_url = `https://github.com/${world.owner}/${world.repo}/pull/${number}`;
  const own = { number, state, locked, merged_at, merge_commit_sha, updated_at, html_url, user };
  return sample(schema, { ...own, title: `Change ${number}`, base: side(pull.base), head: side(pull.head) });
}

export function runShape(world: World, run: Run): Json {
  const { id, event, conclusion, head_sha, head_branch } = run;
  return sample('workflow-run', {
    id,
    event,
    conclusion,
    head_sha,
    head_branch,
    status: 'completed',
    path: `.github/workflows/${run.workflow}`,
    html_url: `https://github.com/${world.owner}/${world.repo}/actions/runs/${id}`,
    repository: repositoryShape(world, 'minimal-repository', world.repositoryId),
    head_repository: repositoryShape(world, 'minimal-repository', run.head_repository_id),
  });
}

export function artifactShape({ id, name, expired, zip, size = zip.length }: Artifact): Json {
  return sample('artifact', { id, name, expired, size_in_bytes: size, node_id: `A_${id}` });
}
