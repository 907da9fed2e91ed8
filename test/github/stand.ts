/** What the tests of publishing share: the stand-in, one pull request on it, and a comment to publish. */
import { afterEach } from 'vitest';
import { publishComment, type CommentOptions } from '../../src/github/comment.js';
import type { Connection } from '../../src/github/client.js';
import { markedBody, type Identity } from '../../src/github/marker.js';
import type { RunNumbers } from '../../src/report/run-numbers.js';
import { openGitHub, type GitHub } from '../support/github/server.js';
import { addPull } from '../support/github/world.js';

export const HEAD = 'a'.repeat(40);
export const BASE = 'b'.repeat(40);
export const PULL = { owner: 'octo', repo: 'evals', number: 12 };
export const REPO = { owner: 'octo', repo: 'evals' };
export const THIS_RUN: Identity = { key: 'ci / evals / token-budget.yml', run: 500, attempt: 1, sha: HEAD };

const open: GitHub[] = [];

/** Every test ends by asking whether all that was said fits GitHub's own description. */
afterEach(async () => {
  await Promise.all(open.splice(0).map((github) => github.close()));
});

export async function standIn(): Promise<GitHub> {
  const github = await openGitHub();
  open.push(github);
  addPull(github.world, { number: PULL.number, head: { ref: 'feature', sha: HEAD }, base: { ref: 'main', sha: BASE } });
  return github;
}

/** A second of waiting lasts 20 ms here. */
export function connectionTo(github: GitHub, deadlineMs = 20_000): Connection {
  return { token: 'ghs_standin', apiUrl: github.url, secondMs: 20, deadlineMs };
}

export function publish(github: GitHub, options: Partial<CommentOptions> = {}) {
  return publishComment({
    connection: connectionTo(github),
    pull: PULL,
    mode: 'update',
    identity: THIS_RUN,
    body: 'Within the budget.',
    shorter: () => 'Short.',
    ...options,
  });
}

/** A comment as an earlier or later run left it. */
export function commentOf(identity: Partial<Identity>, body = 'An earlier body.', numbers?: RunNumbers): string {
  return markedBody({ ...THIS_RUN, ...identity }, numbers, body);
}

export const NUMBERS: RunNumbers = {
  v: 1,
  verdict: 'within',
  date: '2026-11-01T08:00:00.000Z',
  sha: HEAD,
  tokens: 31_204,
  input: 30_000,
  output: 1204,
  calls: 118,
  refused: 0,
  cost_nano_usd: 420_000_000,
  models: [{ provider: 'openai', model: 'gpt-4o', calls: 118, tokens: 31_204, cost_nano_usd: 420_000_000 }],
};
