/** Evals of a real MLflow under the built command line, with a server of that MLflow and a provider that answers judges too. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { bytecodeOf, type VenvName } from '../hook/python/venv.js';
import { isJudges, judgement } from '../support/judge.js';
import {
  newDatabase,
  startMlflow,
  STAY_HERE,
  type MlflowRow,
  type MlflowServer,
  type MlflowStore,
} from '../support/mlflow.js';
import { startUpstream, type Upstream } from '../support/upstream.js';
import { policyFor, PROGRAMS, runUnder, type Ended } from './harness.js';

export const SEVEN = [
  'token_budget_used',
  'token_budget_input_tokens',
  'token_budget_output_tokens',
  'token_budget_remaining',
  'token_budget_calls',
  'token_budget_exceeded',
  'token_budget_estimated_cost_usd',
];

export type Evaluated = Awaited<ReturnType<typeof runUnder>> & {
  /** Where the command ran. */
  readonly place: string;
};

export interface EvalOptions {
  readonly limits?: string;
  readonly rest?: string;
  /** A tracking URI; a relative path is below the directory that the command runs in. */
  readonly uri?: string;
  /** Arguments of `programs/mlflow_eval.py`: four rows with a judge where left out. */
  readonly words?: readonly string[];
  /** Another command instead. */
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface EvalStand {
  readonly python: string;
  readonly server: MlflowServer;
  readonly upstream: Upstream;
  /** Evaluates in a directory of its own. */
  readonly evaluate: (options?: EvalOptions) => Promise<Evaluated>;
  /** The store that an eval logged to by the tracking URI. */
  storeOf(ended: Evaluated, uri: string): MlflowStore;
  close(): Promise<void>;
}

export async function openEvals(venv: VenvName): Promise<EvalStand> {
  const server = await startMlflow(venv);
  const upstream = await startUpstream({
    intercept: (seen, response) => isJudges(seen) && (response.end(judgement(seen)), true),
  });
  const { python } = server;
  const environment = {
    PATH: process.env.PATH ?? '',
    PROVIDER: upstream.origin,
    OPENAI_API_KEY: 'sk-test',
    MLFLOW_ALLOW_FILE_STORE: 'true',
    ...STAY_HERE,
    ...bytecodeOf(python),
  };
  return {
    python,
    server,
    upstream,
    evaluate: async ({ limits = 'tokens: 1M', rest = '', uri, words = ['4'], command, env = {} } = {}) => {
      const policy = policyFor(upstream.origin, `limits: { ${limits} }\n${rest}`);
      const place = mkdtempSync(join(tmpdir(), 'tb-evals-'));
      if (uri?.startsWith('sqlite:///') === true) await newDatabase(venv, join(place, uri.slice('sqlite:///'.length)));
      const tracking = uri === undefined ? {} : { MLFLOW_TRACKING_URI: uri };
      const ended = await runUnder(policy, command ?? [python, join(PROGRAMS, 'mlflow_eval.py'), ...words], {
        env: { ...environment, ...tracking, ...env },
        cwd: place,
      });
      return { ...ended, place };
    },
    storeOf: ({ place }, uri) => server.reader.at(absolute(uri, place)),
    close: async () => {
      upstream.close();
      await server.close();
    },
  };
}

/** The id that an eval printed of its run. */
export function runOf({ stdout }: Ended): string {
  return /^RUN (\w+)$/m.exec(stdout)?.[1] ?? '';
}

/** Each row has each of the scores once, and no other. */
export function expectScores(rows: readonly MlflowRow[], count: number, names: readonly string[]): void {
  expect(rows.map(({ scored }) => scored)).toEqual(Array(count).fill([...names].sort()));
}

function absolute(uri: string, place: string): string {
  if (uri.startsWith('http')) return uri;
  return uri.startsWith('sqlite') ? uri.replace('sqlite:///', `sqlite:///${place}/`) : `file://${join(place, uri)}`;
}
