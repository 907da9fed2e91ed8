/** Evals of a real MLflow under the hook, before a real gateway and a provider on loopback that answers judges too. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HookConfig, MlflowHook } from '../../../src/hook/config.js';
import { startGateway, type TestGateway, type TestGatewayOptions } from '../../support/gateway.js';
import { startUpstream, type Seen, type Upstream } from '../../support/upstream.js';
import { program, resultOf, runPython, type Ended } from './python.js';
import { venvPython, type VenvName } from './venv.js';

/** Tokens that the provider bills for a judge's call; for any other 100 in and 50 out. */
export const JUDGED = { input: 30, output: 7 };
export const PREDICTED = { input: 100, output: 50 };

export interface EvalStand {
  readonly gateway: TestGateway;
  readonly upstream: Upstream;
  /** The venv's Python. */
  readonly python: string;
  /** A directory of the test's own. */
  readonly folder: string;
  hook(mlflow?: Partial<MlflowHook> | 'off'): HookConfig;
  /** Runs `programs/mlflow_eval.py`. */
  evaluate(kind: string, uri: string, rows: number, options?: EvalOptions): Promise<Ended>;
  /** What the hook told of runs and evals. */
  told(): Record<string, unknown>[];
  read(uri: string, run: string): Promise<ReadRun>;
  close(): Promise<void>;
}

export interface EvalOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly more?: readonly string[];
  readonly mlflow?: Partial<MlflowHook> | 'off';
}

/** What `programs/mlflow_eval.py` prints at its end. */
export interface Evaluated {
  readonly run_id: string;
  readonly columns: readonly string[];
  readonly metrics: Readonly<Record<string, number>>;
  /** Input tokens, output tokens and calls as the class counted them; null without it. */
  readonly used: readonly number[] | null;
}

export interface ReadRun {
  readonly status: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly rows: readonly {
    readonly id: string;
    readonly state: string;
    readonly tags: Readonly<Record<string, string>>;
    readonly metadata: Readonly<Record<string, string>>;
    readonly scores: Readonly<Record<string, Score>>;
  }[];
}

export interface Score {
  readonly value: unknown;
  readonly error: string | null;
  readonly rationale: string | null;
  readonly source: string;
}

export async function startEvals(
  venv: VenvName,
  options: Omit<TestGatewayOptions, 'origin'> & { readonly delayMs?: number } = {},
): Promise<EvalStand> {
  const python = await venvPython(venv);
  const folder = mkdtempSync(join(tmpdir(), 'tb-evals-'));
  const upstream = await startUpstream({
    delayMs: options.delayMs ?? 0,
    usage: (seen) => (isJudges(seen) ? JUDGED : PREDICTED),
    intercept: (seen, response) => {
      if (!isJudges(seen)) return false;
      response.writeHead(200, { 'content-type': 'application/json' }).end(judgement(seen));
      return true;
    },
  });
  const gateway = await startGateway({ origin: upstream.origin, ...options });
  const runs = join(folder, 'runs.ndjson');
  writeFileSync(runs, '');
  const hook: EvalStand['hook'] = (mlflow = {}) => ({
    port: gateway.port,
    secret: gateway.secret,
    tls: ['api.openai.com'],
    plain: [],
    ...(mlflow === 'off' ? {} : { mlflow: { runs, scorers: 'auto', ...mlflow } }),
  });
  const env = {
    HOME: folder,
    MLFLOW_ALLOW_FILE_STORE: 'true',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    OPENAI_API_KEY: 'sk-test',
  };
  return {
    gateway,
    upstream,
    python,
    folder,
    hook,
    evaluate: (kind, uri, rows, { env: own = {}, more = [], mlflow = {} } = {}) =>
      runPython({
        python,
        args: [program('mlflow_eval.py'), kind, uri, String(rows), ...more],
        hook: hook(mlflow),
        env: { ...env, ...own },
        cwd: folder,
        timeoutMs: 180_000,
      }),
    told: () =>
      readFileSync(runs, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    read: async (uri, run) =>
      (await resultOf({
        python,
        args: [program('mlflow_rows.py'), uri, run],
        hook: undefined,
        env,
        cwd: folder,
      })) as ReadRun,
    close: async () => {
      await gateway.close();
      upstream.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The last line of an eval that ended well. Throws with its stderr where it did not. */
export function evaluated({ status, stdout, stderr }: Ended): Evaluated {
  if (status !== 0) throw new Error(`status ${status}\n${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Evaluated;
}

function isJudges(seen: Seen): boolean {
  return seen.text.includes('judge: ');
}

function judgement({ body }: Seen): string {
  const content = JSON.stringify({ result: 'yes', rationale: 'It is.' });
  return JSON.stringify({
    id: 'chatcmpl-2',
    object: 'chat.completion',
    created: 1,
    model: body.model,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: JUDGED.input,
      completion_tokens: JUDGED.output,
      total_tokens: JUDGED.input + JUDGED.output,
    },
  });
}
