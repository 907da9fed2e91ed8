import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { readBase, type Base } from './base-policy.js';
import { baseNotices, changeLines, enforcedWords } from './policy-changes.js';
import { UsageError, type PolicyProblem } from '../domain/errors.js';
import type { Policy } from '../domain/policy.js';
import type { Inputs } from './inputs.js';
import type { EventContext } from '../github/event.js';
import { refuseLinkOut } from './workspace-path.js';
import { policyChanges } from '../policy/changes.js';
import { tightened } from '../policy/compare.js';
import { readPolicyBytes } from '../policy/file.js';
import { DEFAULT_POLICY, loadPolicy, type LoadedPolicy } from '../policy/load.js';
import { hasCeiling, withOverrides } from '../policy/override.js';
import { besidePolicy, withPrices } from '../run/price-files.js';
import { readContents, remoteFile } from '../github/contents.js';

/** A policy to run under, and what a reader should know of how it came about. */
export interface ChosenPolicy {
  readonly policy: Policy;
  readonly warnings: readonly PolicyProblem[];
  /** For the comment: sentences in Markdown. */
  readonly notices: readonly string[];
  /** For the log: each change of the policy, old and new. */
  readonly lines: readonly string[];
}

/**
 * The policy that the inputs name, with the inputs' own ceilings in it. On a pull request all that differs from the base
 * branch's is told; under `policy-source: base` the base's is enforced, and this one may only tighten it.
 * @throws PolicyError, or UsageError where a policy cannot be had
 */
export async function choosePolicy(workspace: string, inputs: Inputs, event: EventContext): Promise<ChosenPolicy> {
  const file = inputs.policy || DEFAULT_POLICY;
  const loaded = await headPolicy(workspace, file, inputs, event);
  const head = loaded && { ...loaded, policy: await pricedHead(loaded.policy, workspace, inputs, event) };
  const base = await readBase(workspace, file, inputs, event);
  const { policy, warnings } = enforced(workspace, inputs, base, head);
  // What is missing here was taken away.
  const own = head ?? loadPolicy(NO_LIMITS, file);
  const changes = base.kind === 'policy' ? policyChanges(base.loaded.policy, own.policy) : [];
  const loosened = inputs.policySource === 'head' && changes.some(({ loosens }) => loosens);
  return {
    policy: withOverrides(policy, inputs.overrides),
    warnings: [
      ...warnings.filter(({ key }) => key !== 'limits' || !hasCeiling(inputs.overrides)),
      ...(loosened ? [loosening(file, changeLines(changes))] : []),
      ...(base.kind === 'unread' ? [unreadProblem(file, base.reason)] : []),
    ],
    notices: baseNotices(base, file, changes, inputs.policySource),
    lines: changes.length === 0 ? [] : [enforcedWords(inputs.policySource), ...changeLines(changes)],
  };
}

const NO_LIMITS = 'version: 1\n';

/** undefined where no file was named and there is none under the usual name. */
async function headPolicy(
  workspace: string,
  file: string,
  inputs: Inputs,
  event: EventContext,
): Promise<LoadedPolicy | undefined> {
  if (inputs.policyInline !== '') return loadPolicy(inputs.policyInline, 'input policy-inline');
  // Before any file of that name: a pull request could add one, and its own limits with it.
  const remote = remoteFile(inputs.policy);
  if (remote) {
    const text = await readContents({ token: inputs.token, apiUrl: event.apiUrl }, remote);
    if (text === undefined)
      throw new UsageError(`the policy ${inputs.policy} does not exist, or the token cannot see it`);
    return loadPolicy(text, inputs.policy);
  }
  const path = resolve(workspace, file);
  if (inputs.policy === '' && !existsSync(path)) return undefined;
  refuseLinkOut(resolve(workspace), path, `the policy ${file}`);
  // Named as the user did: the places in messages become annotations of the repository's file.
  return loadPolicy(readPolicyBytes(path), file);
}

/** A price file lies beside the policy's file, or at the workspace's root where the policy is none of its files. */
async function pricedHead(policy: Policy, workspace: string, inputs: Inputs, event: EventContext): Promise<Policy> {
  const isLocal = inputs.policyInline === '' && !remoteFile(inputs.policy);
  const beside = isLocal ? inputs.policy || DEFAULT_POLICY : DEFAULT_POLICY;
  const connection = { token: inputs.token, apiUrl: event.apiUrl };
  const sources = besidePolicy(resolve(workspace, beside), connection, (path) => {
    refuseLinkOut(resolve(workspace), path, `the price file ${path}`);
  });
  return withPrices(policy, sources, new Date());
}

/** The policy that holds, before the inputs. Throws UsageError where nothing would limit the run. */
function enforced(workspace: string, inputs: Inputs, base: Base, head: LoadedPolicy | undefined): LoadedPolicy {
  const decides = inputs.policySource === 'base';
  if (decides && base.kind === 'policy') {
    const { policy } = base.loaded;
    return head ? { policy: tightened(policy, head.policy), warnings: head.warnings } : base.loaded;
  }
  if (head === undefined && !hasCeiling(inputs.overrides)) throw nothingLimits(workspace);
  // The ceilings of the inputs are the workflow's, and a policy too.
  const own = head ?? loadPolicy(NO_LIMITS, DEFAULT_POLICY);
  if (decides && base.kind === 'absent' && head !== undefined && inputs.policyFallback !== 'head') {
    throw new UsageError(
      `input policy-source: base: the branch ${base.branch} has no ${base.path}, so there is no policy to enforce. ` +
        'Merge the policy first, or set policy-fallback: head to enforce the pull request’s policy until then',
    );
  }
  return own;
}

function nothingLimits(workspace: string): UsageError {
  const near = filesLike(workspace);
  const found = near.length === 0 ? '' : ` Did you mean ${near.join(', ')}?`;
  return new UsageError(
    `nothing would limit this run: there is no ${DEFAULT_POLICY} in ${workspace}, and no input sets a limit.${found} ` +
      'Check out the repository before this step, set the input policy to your policy, or set max-tokens, max-cost-usd ' +
      'or max-calls (an empty value, as from an unset variable, sets no limit)',
  );
}

/** Policies under other names, or one folder deeper, where a checkout with `path:` puts them. */
function filesLike(workspace: string): string[] {
  const folders = ['.', '.github', ...foldersIn(workspace)];
  return folders
    .flatMap((folder) => ['token-budget.yml', 'token-budget.yaml'].map((name) => join(workspace, folder, name)))
    .filter((path) => existsSync(path))
    .map((path) => relative(workspace, path))
    .slice(0, 3);
}

function foldersIn(workspace: string): string[] {
  if (!existsSync(workspace)) return [];
  const folders = readdirSync(workspace, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => name).filter((name) => !name.startsWith('.') && name !== 'node_modules');
}

function loosening(file: string, lines: readonly string[]): PolicyProblem {
  const message = `this pull request loosens the policy, or might: ${lines.join('; ')}`;
  return { at: `${file}:1:1`, key: '', message, remedy: 'Make sure that this is intended.' };
}

function unreadProblem(file: string, reason: string): PolicyProblem {
  const message = `could not read the base branch's policy, so loosened limits are not reported: ${reason.replace(/\.$/, '')}`;
  return { at: file, key: '', message, remedy: 'Fix this to see policy changes.' };
}
