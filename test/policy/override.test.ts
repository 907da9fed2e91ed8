import { expect, test } from 'vitest';
import { PolicyError } from '../../src/domain/errors.js';
import { withOverrides, type Overrides } from '../../src/policy/override.js';
import { policyOf } from './policies.js';

const NONE: Overrides = {
  ...{ run: '', onExceed: '', maxTokens: '', maxCostUsd: '', maxCalls: '' },
  ...{ mlflow: '', mlflowTrackingUri: '', mlflowExperiment: '' },
};

const mlflow = (text: string, overrides: Partial<Overrides>) =>
  withOverrides(policyOf(text), { ...NONE, ...overrides }).mlflow;

const EVALS = 'mlflow: { tracking_uri: "http://a", experiment: evals, scorers: off }';

test('without inputs MLflow is used as the policy says', () => {
  expect(mlflow('', {})).toBeUndefined();
  expect(mlflow('mlflow: off', {})).toBe('off');
  expect(mlflow(EVALS, {})).toEqual({ trackingUri: 'http://a', experiment: 'evals', scorers: 'off' });
});

test.each(['', 'mlflow: off', EVALS])('the input mlflow: off wins over a policy of "%s"', (text) => {
  expect(mlflow(text, { mlflow: 'off', mlflowExperiment: 'b' })).toBe('off');
});

test('inputs that say where to log take the place of the policy’s, one by one', () => {
  expect(mlflow(EVALS, { mlflowExperiment: 'b' })).toEqual({
    trackingUri: 'http://a',
    experiment: 'b',
    scorers: 'off',
  });
  const named = { trackingUri: 'http://b', experiment: '', scorers: 'auto' };
  for (const text of ['', 'mlflow: off']) expect(mlflow(text, { mlflowTrackingUri: 'http://b' })).toEqual(named);
});

test('another word for the input mlflow is refused with the words that it takes', () => {
  expect(() => mlflow('', { mlflow: 'on' })).toThrow(PolicyError);
  expect(() => mlflow('', { mlflow: 'on' })).toThrow(/input mlflow: .*"on" is not a valid value/);
});
