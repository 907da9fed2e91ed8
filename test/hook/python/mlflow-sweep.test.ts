/** A sweep is several evals of one program: mlflow-eval.test.ts. MLflow's own is in no release that the tests run. */
import { expect, it } from 'vitest';
import { STAY_HERE } from '../../support/mlflow.js';
import { resultOf } from './python.js';
import { venvPython } from './venv.js';

it.each(['mlflow', 'mlflow-older'] as const)(
  '%s has no evaluate_sweep yet; where this fails, sweep with it here',
  async (venv) => {
    const code =
      'import mlflow.genai, json; print(json.dumps([hasattr(mlflow.genai, n) for n in ("evaluate", "evaluate_sweep")]))';
    const start = { python: await venvPython(venv), args: ['-c', code], hook: undefined, env: STAY_HERE };
    expect(await resultOf(start)).toEqual([true, false]);
  },
);
