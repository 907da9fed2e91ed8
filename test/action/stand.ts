import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { openGitHub, type GitHub } from '../support/github/server.js';
import { addPull } from '../support/github/world.js';
import { runAction, type RunnerOptions, type RunnerResult } from '../support/runner.js';
import { startUpstream, type Upstream } from '../support/upstream.js';

const ROOT = join(import.meta.dirname, '..', '..');
const PROGRAMS = join(ROOT, 'test', 'e2e', 'programs');
const NODE = join(ROOT, 'test', 'runtimes', 'node_modules', 'node24', 'bin', 'node');

/** The commits of the event fixtures. */
const HEAD = 'a'.repeat(40);
export const BASE = 'b'.repeat(40);

export const POLICY = 'token-budget.yml';

export interface Stand {
  readonly github: GitHub;
  readonly upstream: Upstream;
  readonly workspace: string;
  /** A command line that asks the model so many times, one after another. */
  readonly rows: (count: number) => string;
  readonly writePolicy: (text: string) => void;
  /** Runs the built action in the workspace. */
  readonly run: (options?: Partial<RunnerOptions>) => Promise<RunnerResult>;
}

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** A repository with a policy, a provider and a GitHub, all on loopback; every call uses 100 + 50 tokens of gpt-4o. */
export async function openStand(limits = 'limits: { tokens: 10k }'): Promise<Stand> {
  const upstream = await startUpstream();
  const github = await openGitHub();
  addPull(github.world, { number: 12, head: { ref: 'feature', sha: HEAD }, base: { ref: 'main', sha: BASE } });
  open.push(upstream, github);
  const workspace = join(mkdtempSync(join(tmpdir(), 'tb-action-')), 'workspace');
  mkdirSync(workspace, { recursive: true });
  const writePolicy = (text: string) => {
    writeFileSync(join(workspace, POLICY), policyText(upstream, text));
  };
  writePolicy(limits);
  return {
    github,
    upstream,
    workspace,
    rows: (count) => `"${NODE}" "${join(PROGRAMS, 'rows.mjs')}" ${count}`,
    writePolicy,
    run: ({ env, ...options } = {}) =>
      runAction({
        action: ROOT,
        event: 'pull_request',
        workspace,
        env: { GITHUB_API_URL: github.url, ...env },
        ...options,
      }),
  };
}

export function policyText(upstream: Upstream, text: string): string {
  return `version: 1\nupstreams: { api.openai.com: { forward_to: "${upstream.origin}" } }\n${text}\n`;
}
