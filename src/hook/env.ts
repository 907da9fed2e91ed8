import { delimiter, join } from 'node:path';
import { HOOK_VARIABLE, type HookConfig } from './config.js';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the hooks' files lie. */
export interface HookFiles {
  /** CommonJS file that Node preloads. */
  readonly preload: string;
  /** Directory that holds `sitecustomize.py`. */
  readonly pythonPath: string;
  /** Script that logs to MLflow's stores, for the user's own Python. */
  readonly mlflowLog: string;
}

/** The hooks' files under a build's `hook` directory. */
export function hookFilesIn(directory: string): HookFiles {
  const pythonPath = join(directory, 'python');
  return {
    preload: join(directory, 'preload.cjs'),
    pythonPath,
    mlflowLog: join(pythonPath, 'token_budget_hook', 'mlflow_log.py'),
  };
}

/**
 * Credentials and channels of the runner that a `run:` step does not have, so the command must not get them from us
 * either.
 */
const RUNNER_ONLY = /^(INPUT_.*|STATE_.*|ACTIONS_RUNTIME_.*|ACTIONS_RESULTS_URL|ACTIONS_CACHE_URL)$/i;

/** Whether a variable is the runner's own, which no `run:` step has. */
export function isRunnerOnly(name: string): boolean {
  return RUNNER_ONLY.test(name);
}

/** The command's environment: the parent's without the runner's own, plus the hooks in front of the user's options. */
export function childEnvironment(parent: Environment, config: HookConfig, files: HookFiles): Environment {
  const kept = Object.fromEntries(Object.entries(parent).filter(([name]) => !isRunnerOnly(name)));
  const { NODE_OPTIONS: options, PYTHONPATH: path } = parent;
  return {
    ...kept,
    [HOOK_VARIABLE]: JSON.stringify(config),
    NODE_OPTIONS: [`--require ${quoted(files.preload)}`, ...(options ? [options] : [])].join(' '),
    PYTHONPATH: [files.pythonPath, ...(path ? [path] : [])].join(delimiter),
  };
}

/** Node reads NODE_OPTIONS with its own quoting: double quotes, and backslashes inside them. */
function quoted(path: string): string {
  return `"${path.replace(/[\\"]/g, '\\$&')}"`;
}
