import { UsageError } from '../domain/errors.js';
import { COMMENT_MODES, COMMENT_WHEN, type CommentChoices } from '../github/comment-choices.js';
import type { Overrides } from '../policy/override.js';

/** The action's inputs, read once. */
export interface Inputs extends CommentChoices {
  readonly policy: string;
  readonly policyInline: string;
  readonly policySource: 'head' | 'base';
  /** Under `policy-source: base`, where the base branch has no policy: fail, or take the pull request's own. */
  readonly policyFallback: 'fail' | 'head';
  readonly overrides: Overrides;
  readonly workingDirectory: string;
  readonly shell: string;
  readonly reportDir: string;
  readonly publish: 'best-effort' | 'required';
}

/**
 * @param get an input by its name; empty where it was not given
 * @throws UsageError naming each input that has no such value
 */
export function readInputs(get: (name: string) => string): Inputs {
  const problems: string[] = [];
  const oneOf = <T extends string>(name: string, words: readonly T[], fallback: T): T => {
    const given = get(name);
    const known = words.find((word) => word === given);
    if (given !== '' && known === undefined)
      problems.push(`input ${name}: "${given}" is not one of ${words.join(', ')}`);
    return known ?? fallback;
  };
  const pr = get('pr-number');
  if (pr !== '' && !/^[1-9]\d{0,9}$/.test(pr)) problems.push(`input pr-number: "${pr}" is not a pull request number`);
  if (get('policy') !== '' && get('policy-inline') !== '')
    problems.push('inputs policy and policy-inline: set only one of them');
  const inputs: Inputs = {
    policy: get('policy'),
    policyInline: get('policy-inline'),
    policySource: oneOf('policy-source', ['head', 'base'], 'head'),
    policyFallback: oneOf('policy-fallback', ['fail', 'head'], 'fail'),
    overrides: {
      run: get('run'),
      onExceed: get('on-exceed'),
      maxTokens: get('max-tokens'),
      maxCostUsd: get('max-cost-usd'),
      maxCalls: get('max-calls'),
      mlflow: get('mlflow'),
      mlflowTrackingUri: get('mlflow-tracking-uri'),
      mlflowExperiment: get('mlflow-experiment'),
    },
    workingDirectory: get('working-directory'),
    shell: get('shell'),
    reportDir: get('report-dir') || 'token-budget-report',
    token: get('github-token'),
    prNumber: pr === '' ? undefined : Number(pr),
    comment: oneOf('comment', COMMENT_MODES, 'update'),
    commentWhen: oneOf('comment-when', COMMENT_WHEN, 'always'),
    commentKey: get('comment-key'),
    matrix: get('matrix'),
    publish: oneOf('publish', ['best-effort', 'required'], 'best-effort'),
  };
  if (problems.length > 0) throw new UsageError(problems.join('; '));
  return inputs;
}
