/**
 * Runs an action as GitHub's runner does: what action.yml says, inputs as variables, the step's files, the event's
 * payload, workflow commands in the output, the cancel sequence, and `post` with the state of `main`. Linux only.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inputVariables, postRuns, readActionFile, type Contexts } from './runner/action-file.js';
import type { Annotation } from './runner/commands.js';
import { readEventFixture, type EventFixture, type RunnerEvent } from './runner/events.js';
import { createStepFiles } from './runner/files.js';
import { runStep, TRACKING, type Cancel, type Kill, type StepResult } from './runner/step.js';

export interface RunnerOptions {
  /** The directory of action.yml. */
  readonly action: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** A fixture, or an event of its own. */
  readonly event: EventFixture | RunnerEvent;
  /** The job's and the step's `env`: keys of providers, GITHUB_API_URL of the stand-in, … They win over all but inputs. */
  readonly env?: Readonly<Record<string, string>>;
  /** The job's matrix values, for a default of `toJSON(matrix)`. */
  readonly matrix?: Readonly<Record<string, unknown>>;
  /** The workflow's token; one that all runs share where left out. */
  readonly token?: string;
  /** The checked-out repository; an empty directory where left out. */
  readonly workspace?: string;
  /** Node's executable; Node 24 of test/runtimes where left out. */
  readonly node?: string;
  readonly runId?: number;
  readonly attempt?: number;
  readonly cancel?: Cancel;
  readonly kill?: Kill;
  /** For each step, in ms; 60,000 where left out. */
  readonly timeoutMs?: number;
}

export interface RunnerResult {
  /** As the runner would show the step. */
  readonly outcome: 'success' | 'failure' | 'cancelled';
  readonly main: StepResult;
  /** Undefined where the action has none, or its condition does not hold. */
  readonly post: StepResult | undefined;
  /** Of `main`: later steps see these and no others. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly path: readonly string[];
  readonly state: Readonly<Record<string, string>>;
  /** Of `main`, then of `post`. */
  readonly summaries: readonly [main: string, post: string];
  /** Of both steps. */
  readonly lines: readonly string[];
  readonly annotations: readonly Annotation[];
  readonly masks: readonly string[];
  readonly workspace: string;
  readonly temp: string;
}

const NODE_24 = join(import.meta.dirname, '..', 'runtimes', 'node_modules', 'node24', 'bin', 'node');
const TOKEN = 'ghs_0123456789abcdefghijklmnopqrstuvwxyz';

/** Runs `main`, then `post` where it is due. Rejects where a step does not end in time, or writes what no runner takes. */
export async function runAction(options: RunnerOptions): Promise<RunnerResult> {
  const file = readActionFile(options.action);
  const temp = mkdtempSync(join(tmpdir(), 'runner-'));
  const workspace = options.workspace ?? join(temp, 'workspace');
  mkdirSync(workspace, { recursive: true });
  const event = typeof options.event === 'string' ? readEventFixture(options.event) : options.event;
  const contexts: Contexts = { github: { token: options.token ?? TOKEN, workspace }, matrix: options.matrix };
  const inputs = inputVariables(file, options.inputs ?? {}, contexts);
  const basics = { ...variablesOf(options, event, temp, workspace), ...options.env, ...inputs };
  const step = (script: string, more: Readonly<Record<string, string>>, ends: Partial<RunnerOptions>) =>
    runStep({
      node: options.node ?? NODE_24,
      script: join(options.action, script),
      cwd: workspace,
      env: { ...basics, ...more },
      timeoutMs: options.timeoutMs ?? 60_000,
      ...(ends.cancel ? { cancel: ends.cancel } : {}),
      ...(ends.kill ? { kill: ends.kill } : {}),
    });

  const files = createStepFiles(temp, 'main');
  const main = await step(file.runs.main, files.variables, options);
  if (main.sent.includes('timeout')) throw new Error(`main did not end in time:\n${main.log.lines.join('\n')}`);
  const outcome = main.sent.includes('SIGINT') ? 'cancelled' : main.exitCode === 0 ? 'success' : 'failure';

  const postFiles = createStepFiles(temp, 'post');
  const states = Object.entries(files.state()).map(([name, value]) => [`STATE_${name}`, value]);
  const due = file.runs.post !== undefined && postRuns(file.runs['post-if'], outcome);
  const postVariables = { ...postFiles.variables, ...(Object.fromEntries(states) as Record<string, string>) };
  const post = due ? await step(file.runs.post ?? '', postVariables, {}) : undefined;
  if (post?.sent.includes('timeout') === true) throw new Error('post did not end in time');

  return {
    outcome,
    main,
    post,
    outputs: files.outputs(),
    env: files.env(),
    path: files.path(),
    state: files.state(),
    summaries: [files.summary(), postFiles.summary()],
    lines: [...main.log.lines, ...(post?.log.lines ?? [])],
    annotations: [
      ...unexpected(file.inputs, options.inputs),
      ...main.log.annotations,
      ...(post?.log.annotations ?? []),
    ],
    masks: [...main.log.masks, ...(post?.log.masks ?? [])],
    workspace,
    temp,
  };
}

/** The runner passes inputs on that an action does not know, and warns of them. */
function unexpected(known: Readonly<Record<string, unknown>>, given: RunnerOptions['inputs'] = {}): Annotation[] {
  const names = Object.keys(given).filter((name) => !(name in known));
  const listed = names.map((name) => `'${name}'`).join(', ');
  return names.length === 0 ? [] : [{ level: 'warning', message: `Unexpected input(s) ${listed}` }];
}

function variablesOf({ runId = 500, attempt = 1 }: RunnerOptions, event: RunnerEvent, temp: string, workspace: string) {
  const eventPath = join(temp, 'event.json');
  writeFileSync(eventPath, JSON.stringify(event.payload));
  return {
    PATH: process.env.PATH ?? '',
    HOME: temp,
    LANG: 'C.UTF-8',
    CI: 'true',
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: 'X64',
    RUNNER_TEMP: temp,
    [TRACKING]: `github_${randomUUID()}`,
    // What an action is given and a `run:` step is not.
    ACTIONS_RUNTIME_URL: 'https://pipelines.example/',
    ACTIONS_RUNTIME_TOKEN: 'runtime-token-of-the-runner',
    ACTIONS_RESULTS_URL: 'https://results.example/',
    ACTIONS_CACHE_URL: 'https://cache.example/',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__self',
    GITHUB_ACTOR: 'ada',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_EVENT_NAME: event.name,
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_JOB: 'evals',
    GITHUB_REPOSITORY: 'octo/evals',
    GITHUB_REPOSITORY_ID: '4711',
    GITHUB_REPOSITORY_OWNER: 'octo',
    GITHUB_RUN_ATTEMPT: String(attempt),
    GITHUB_RUN_ID: String(runId),
    GITHUB_RUN_NUMBER: '7',
    GITHUB_WORKFLOW: 'CI',
    GITHUB_WORKFLOW_REF: 'octo/evals/.github/workflows/evals.yml@refs/heads/main',
    GITHUB_WORKSPACE: workspace,
    ...event.variables,
  };
}
