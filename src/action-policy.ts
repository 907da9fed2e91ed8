import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError, type PolicyProblem } from './domain/errors.js';
import type { Policy } from './domain/policy.js';
import type { EventContext, Inputs } from './inputs.js';
import { refuseLinkOut } from './inside.js';
import { limitChanges, tightened, type LimitChange } from './policy/compare.js';
import { readPolicyBytes } from './policy/file.js';
import { loadPolicy, type LoadedPolicy } from './policy/load.js';
import { withOverrides } from './policy/override.js';
import { besidePolicy, besideRemote, withPrices } from './price-files.js';
import { readContents, remoteFile } from './publish/contents.js';
import { code } from './report/escape.js';
import { count, exactUsd } from './report/format.js';

const DEFAULT_POLICY = 'token-budget.yml';

/** A policy to run under, and what a reader of the comment should know of how it came about. */
export interface ChosenPolicy {
  readonly policy: Policy;
  readonly warnings: readonly PolicyProblem[];
  /** Sentences in Markdown. */
  readonly notices: readonly string[];
}

/**
 * The policy that the inputs name, with the inputs' own ceilings in it. On a pull request a copy that differs from the
 * base branch's is told; under `policy-source: base` the base's is enforced, and this one may only tighten it.
 * @throws PolicyError, or UsageError where a policy cannot be had
 */
export async function choosePolicy(workspace: string, inputs: Inputs, event: EventContext): Promise<ChosenPolicy> {
  const loaded = await headPolicy(workspace, inputs, event);
  const head = { ...loaded, policy: await pricedHead(loaded.policy, workspace, inputs, event) };
  const base = await basePolicy(inputs, event);
  const policy = inputs.policySource === 'base' && base ? tightened(base, head.policy) : head.policy;
  return {
    policy: withOverrides(policy, inputs.overrides),
    warnings: head.warnings,
    notices: base ? changeNotices(base, head.policy, inputs.policySource) : missingNotices(inputs, event),
  };
}

async function headPolicy(workspace: string, inputs: Inputs, event: EventContext): Promise<LoadedPolicy> {
  if (inputs.policyInline !== '') return loadPolicy(inputs.policyInline, 'input policy-inline');
  // Before any file of that name: a pull request could add one, and its own limits with it.
  const remote = remoteFile(inputs.policy);
  if (remote) {
    const text = await readContents({ token: inputs.token, apiUrl: event.apiUrl }, remote);
    if (text === undefined)
      throw new UsageError(`the policy ${inputs.policy} does not exist, or the token cannot see it`);
    return loadPolicy(text, inputs.policy);
  }
  const file = inputs.policy || DEFAULT_POLICY;
  const path = resolve(workspace, file);
  // Ceilings among the inputs are a policy too.
  if (inputs.policy === '' && !existsSync(path) && Object.values(inputs.overrides).some((value) => value !== '')) {
    return loadPolicy('version: 1\n', DEFAULT_POLICY);
  }
  refuseLinkOut(resolve(workspace), path, `the policy ${file}`);
  // Named as the user did: the places in messages become annotations of the repository's file.
  return loadPolicy(readPolicyBytes(path), file);
}

/** A file of prices lies beside the policy's file, or at the workspace's root where the policy is none of its files. */
async function pricedHead(policy: Policy, workspace: string, inputs: Inputs, event: EventContext): Promise<Policy> {
  const beside = isLocal(inputs) ? inputs.policy || DEFAULT_POLICY : DEFAULT_POLICY;
  const connection = { token: inputs.token, apiUrl: event.apiUrl };
  const sources = besidePolicy(resolve(workspace, beside), connection, (path) => {
    refuseLinkOut(resolve(workspace), path, `the file of prices ${path}`);
  });
  return withPrices(policy, sources, new Date());
}

/** The base branch's copy, through the API: what is checked out, and its remotes, may be the pull request's own. */
async function basePolicy(inputs: Inputs, event: EventContext): Promise<Policy | undefined> {
  const { owner, repo, apiUrl, pr } = event;
  if (pr === undefined) return undefined;
  if (inputs.policySource === 'base') demandBase(inputs);
  if (!isLocal(inputs) || inputs.token === '') return undefined;
  const path = inputs.policy || DEFAULT_POLICY;
  const connection = { token: inputs.token, apiUrl };
  try {
    // A comment's event does not say the base commit; the branch that it names stands in for it.
    const text = await readContents(connection, { owner, repo, path, ref: pr.baseSha || pr.baseRef });
    if (text === undefined) return undefined;
    const ref = { owner, repo, ref: pr.baseSha || pr.baseRef };
    return await withPrices(loadPolicy(text, path).policy, besideRemote(ref, path, connection), new Date());
  } catch (error) {
    // Told in the comment where it only informs; where it decides, the run must not go on under another policy.
    if (inputs.policySource === 'base') throw error;
    return undefined;
  }
}

/** What `policy-source: base` cannot do without: a run under another policy must not look like one under the base's. */
function demandBase(inputs: Inputs): void {
  if (!isLocal(inputs)) {
    throw new UsageError(
      'input policy-source: base holds for a policy file of this repository; leave it out for a policy-inline or owner/repo/path@ref',
    );
  }
  if (inputs.token === '') {
    throw new UsageError(
      'input policy-source: base reads the base branch through the API: it needs a github-token with contents: read',
    );
  }
}

function isLocal({ policy, policyInline }: Inputs): boolean {
  return policyInline === '' && !remoteFile(policy);
}

function missingNotices(inputs: Inputs, event: EventContext): string[] {
  if (inputs.policySource !== 'base' || event.pr === undefined) return [];
  return ['The base branch has no policy yet: this pull request’s own is enforced.'];
}

function changeNotices(base: Policy, head: Policy, source: Inputs['policySource']): string[] {
  if (base.hash === head.hash) return [];
  const changes = limitChanges(base, head).map(changeWords);
  const mode = base.onExceed === head.onExceed ? [] : [`on_exceed ${base.onExceed} → ${head.onExceed}`];
  const keys = base.keys === head.keys ? [] : [`keys ${base.keys} → ${head.keys}`];
  const what = [...changes, ...mode, ...keys];
  const words = what.length === 0 ? 'its limits are the same' : what.join(', ');
  const enforced =
    source === 'base' ? 'The base branch’s is enforced; this one can only tighten it.' : 'The changed one is enforced.';
  return [`This pull request changes the policy ${code(head.file)}: ${words}. ${enforced}`];
}

function changeWords({ dimension, scope, from, to }: LimitChange): string {
  const words = (value: number | undefined) =>
    value === undefined ? 'none' : dimension === 'cost_usd' ? exactUsd(value) : count(value);
  const name = scope === 'run' ? dimension : `${scope}.${dimension}`;
  return `${code(name)} ${words(from)} → ${words(to)}`;
}
