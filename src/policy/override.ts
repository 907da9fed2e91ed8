/** What a workflow's inputs change of a policy. */
import { PolicyError, type PolicyProblem } from '../domain/errors.js';
import type { Dimension, Limit, OnExceed } from '../domain/limit.js';
import type { Policy } from '../domain/policy.js';
import { parseAmount, parseCount } from './amounts.js';

/** Inputs as a person wrote them; an empty one changes nothing. */
export interface Overrides {
  readonly run: string;
  readonly onExceed: string;
  readonly maxTokens: string;
  readonly maxCostUsd: string;
  readonly maxCalls: string;
  /** `off`, or empty. */
  readonly mlflow: string;
  readonly mlflowTrackingUri: string;
  readonly mlflowExperiment: string;
}

/** Whether the inputs set a limit: an empty input, as from an unset variable, sets none. */
export function hasCeiling({ maxTokens, maxCostUsd, maxCalls }: Overrides): boolean {
  return [maxTokens, maxCostUsd, maxCalls].some((text) => text !== '');
}

const MODES: readonly OnExceed[] = ['raise', 'warn', 'halt'];

/**
 * The policy with the inputs applied: each limit among them replaces the run's limit of the same dimension.
 * @throws PolicyError with all inputs that cannot be read
 */
export function withOverrides(policy: Policy, overrides: Overrides): Policy {
  const problems: PolicyProblem[] = [];
  const ceilings = [
    ceiling('max-tokens', 'tokens', overrides.maxTokens, problems),
    ceiling('max-cost-usd', 'cost_usd', overrides.maxCostUsd, problems),
    ceiling('max-calls', 'calls', overrides.maxCalls, problems),
  ].filter((limit) => limit !== undefined);
  const onExceed = MODES.find((mode) => mode === overrides.onExceed);
  if (overrides.onExceed !== '' && !onExceed) {
    problems.push(
      problem('on-exceed', `"${overrides.onExceed}" is not one of ${MODES.join(', ')}`, 'Use one of these words'),
    );
  }
  if (overrides.mlflow !== '' && overrides.mlflow !== 'off') {
    problems.push(
      problem('mlflow', `"${overrides.mlflow}" is not a valid value`, 'Write `off`, or leave the input out'),
    );
  }
  if (problems.length > 0) throw new PolicyError(problems);
  const replaced = (limit: Limit) =>
    limit.scope.kind === 'run' && ceilings.some((own) => own.dimension === limit.dimension);
  return {
    ...policy,
    run: overrides.run === '' ? policy.run : overrides.run,
    onExceed: onExceed ?? policy.onExceed,
    limits: [...ceilings, ...policy.limits.filter((limit) => !replaced(limit))],
    mlflow: mlflowWith(policy.mlflow, overrides),
  };
}

/** Inputs that say where to log override `mlflow: off` in the policy. */
function mlflowWith(mlflow: Policy['mlflow'], overrides: Overrides): Policy['mlflow'] {
  if (overrides.mlflow === 'off') return 'off';
  const { mlflowTrackingUri: trackingUri, mlflowExperiment: experiment } = overrides;
  if (trackingUri === '' && experiment === '') return mlflow;
  const named = typeof mlflow === 'object' ? mlflow : { trackingUri: '', experiment: '', scorers: 'auto' as const };
  return {
    ...named,
    trackingUri: trackingUri === '' ? named.trackingUri : trackingUri,
    experiment: experiment === '' ? named.experiment : experiment,
  };
}

function ceiling(input: string, dimension: Dimension, text: string, problems: PolicyProblem[]): Limit | undefined {
  if (text === '') return undefined;
  const value = dimension === 'cost_usd' ? parseAmount(text) : parseCount(text);
  if (value === undefined) {
    problems.push(
      problem(input, `"${text}" is not a valid limit`, 'Write a number such as 50000, 50_000, 50k or 1.5M'),
    );
    return undefined;
  }
  return { dimension, scope: { kind: 'run' }, ceiling: value, at: `input ${input}` };
}

function problem(input: string, message: string, remedy: string): PolicyProblem {
  return { at: `input ${input}`, key: '', message, remedy };
}
