import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inputVariables, postRuns, readActionFile } from './runner/action-file.js';
import { openLog, takeLine } from './runner/commands.js';
import { readEventFixture, type EventFixture } from './runner/events.js';
import { parsePairs } from './runner/files.js';
import { isRunning } from './runner/step.js';
import { runAction, type RunnerOptions } from './runner.js';

const ACTION = join(import.meta.dirname, 'fixtures', 'runner-action');
const EVENTS = [
  'pull_request',
  'pull_request.fork',
  'push',
  'schedule',
  'workflow_dispatch',
  'merge_group',
  'workflow_run',
  'issue_comment',
] as const satisfies readonly EventFixture[];

const run = (mode: string, options: Partial<RunnerOptions> = {}) =>
  runAction({ action: ACTION, event: 'push', ...options, inputs: { mode, ...options.inputs } });

describe('a run of main and post', () => {
  test('values, files and state go the ways of the runner', async () => {
    const { outputs, ...result } = await run('talk', {
      inputs: { 'max-tokens': ' 50k ' },
      matrix: { model: 'gpt-4o' },
    });
    expect(result.outcome).toBe('success');
    expect(outputs).toMatchObject({ answer: '42', text: 'first\nsecond=2', node: 'v24 true' });
    const [mode, maxTokens, matrix, token] = JSON.parse(outputs.seen ?? '') as string[];
    expect([mode, maxTokens, token?.startsWith('ghs_')]).toEqual(['talk', '50k', true]);
    expect(JSON.parse(matrix ?? '')).toEqual({ model: 'gpt-4o' });
    expect(result.env).toEqual({ LEAK: '1' });
    expect(result.path).toEqual(['/opt/tool']);
    expect(result.summaries).toEqual(['# Summary\n', 'From post.\n']);
    expect(result.lines.at(-1)).toBe('post of talk, state /tmp/x');
  });

  test('commands are obeyed, stopped and resumed, and masks hide what follows them', async () => {
    const { lines, annotations, masks, main } = await run('talk');
    expect(masks).toEqual(['s3cret-value']);
    expect(lines).toContain('the key is ***');
    expect(lines).toContain('::error::not an annotation');
    expect(lines).toContain('::nothing-known::shown as it is');
    expect(lines).toContain('to stderr');
    expect(lines.join()).not.toContain('t0ken');
    expect(main.log).toMatchObject({ groups: ['Setting up'], openGroups: 0, stops: ['t0ken'], stopped: undefined });
    expect(annotations).toEqual([
      {
        level: 'error',
        message: '50% over\nbudget: ***',
        title: 'Too much, really',
        file: 'token-budget.yml',
        line: 3,
      },
      { level: 'warning', message: 'careful' },
      { level: 'notice', message: 'heard again' },
    ]);
  });

  test('a failing main is a failure, and post runs all the same', async () => {
    const { outcome, main, post } = await run('fail');
    expect([outcome, main.exitCode, post?.exitCode]).toEqual(['failure', 3, 0]);
  });

  test('an input that the action does not know is warned of', async () => {
    const { annotations } = await run('fail', { inputs: { budjet: '1' } });
    expect(annotations[0]?.message).toBe("Unexpected input(s) 'budjet'");
  });

  test.each(EVENTS)('the event %s is there with its payload and variables', async (event) => {
    const { outputs } = await run('talk', { event });
    const [name, ref, sha, repository] = (outputs.event ?? '').split(' ');
    expect([name, repository]).toEqual([event.split('.')[0], 'octo/evals']);
    expect(ref).toMatch(/^refs\/(heads|pull)\//);
    expect(sha).toMatch(/^[0-9a-f]{40}$/);
  });
});

describe('the end of a run', () => {
  test('a cancelled step that heeds SIGINT gets nothing more', async () => {
    const { outcome, main, outputs, post } = await run('polite', { cancel: { upon: /ready/ } });
    expect([outcome, main.exitCode, main.sent]).toEqual(['cancelled', 1, ['SIGINT']]);
    expect(outputs).toEqual({ cancelled: 'true' });
    expect(post?.exitCode).toBe(0);
  });

  test('a cancelled step that heeds nothing is killed with all its children', async () => {
    const cancel = { upon: /ready/, termAfterMs: 400, killAfterMs: 400 };
    const { outcome, main, state, lines } = await run('stubborn', { cancel });
    expect([outcome, main.signal]).toEqual(['cancelled', 'SIGKILL']);
    expect(main.sent).toEqual(['SIGINT', 'SIGTERM', 'kill']);
    expect(lines).toEqual(expect.arrayContaining(['ignored SIGINT', 'ignored SIGTERM']));
    expect(main.cancelledForMs).toBeGreaterThanOrEqual(800);
    await expect.poll(() => isRunning(Number(state.child))).toBe(false);
  });

  test('a child that outlives its step is told of and ended', async () => {
    const { outcome, main, state } = await run('orphan');
    expect(outcome).toBe('success');
    expect(main.orphans).toEqual([Number(state.child)]);
    await expect.poll(() => isRunning(Number(state.child))).toBe(false);
  });

  test('a step that is killed out of hand still has its post', async () => {
    const { outcome, main, post } = await run('polite', { kill: { upon: /ready/ } });
    expect([outcome, main.signal, post?.exitCode]).toEqual(['failure', 'SIGKILL', 0]);
  });

  test('a step that does not end in time is an error of the test', async () => {
    await expect(run('polite', { timeoutMs: 1500 })).rejects.toThrow('did not end in time');
  });
});

describe('what the runner refuses', () => {
  test.each(['no sign', 'name<<EOT\nnever ended'])('%j in a file of values', (text) => {
    expect(() => parsePairs(text)).toThrow();
  });

  test('a default with an expression that is not known here', () => {
    const file = { ...readActionFile(ACTION), inputs: { x: { default: '${{ hashFiles(1) }}' } } };
    expect(() => inputVariables(file, {}, {})).toThrow('an expression');
  });

  test('a condition of post that is not known here', () => {
    expect(() => postRuns('hashFiles()', 'success')).toThrow('post-if');
    expect([postRuns('success()', 'failure'), postRuns('!cancelled()', 'failure')]).toEqual([false, true]);
  });

  test('a guessed token does not resume stopped commands', () => {
    const log = openLog();
    for (const line of ['::stop-commands::right', '::wrong::', '::add-mask::x', '::right::', '::add-mask::y']) {
      takeLine(log, line);
    }
    expect([log.masks, log.lines]).toEqual([['y'], ['::wrong::', '::add-mask::x']]);
  });
});

test('every event is of the repository and the pull request that the stand-in for GitHub holds', () => {
  const payloads = EVENTS.map((event) => readEventFixture(event).payload as { repository: { id: number } });
  expect(payloads.map(({ repository }) => repository.id)).toEqual(EVENTS.map(() => 4711));
});
