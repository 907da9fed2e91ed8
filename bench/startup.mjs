// What a command pays before its own first instruction.
import { spawnSync } from 'node:child_process';
import { median } from './statistics.mjs';
import { budgetArguments, MAIN, NODES, withDirectory } from './setting.mjs';
import { aim, fixed, printTable, signed } from './table.mjs';

/** Start-up of an empty program, with and without the hook's environment. */
export function hookStartup({ starts }) {
  return withDirectory((directory) => {
    const { plain, hooked } = environments(directory);
    const programs = [
      ...NODES.map(([name, file]) => ({ name: `${name}: node -e 0`, file, args: ['-e', '0'], most: 15 })),
      { name: `${process.version}: node:https loaded`, file: process.execPath, args: ['-e', 'require("node:https")'] },
      ...python(plain),
    ];
    printTable({
      title: 'Start-up of an empty program under the hook',
      note: [
        `From spawn to exit, in turns, up to ${starts} starts each; medians. The hook loads node:tls, which Node does not have in its`,
        'snapshot; a program that loads node:https, as every one that calls a provider does, pays for that anyway.',
      ],
      heads: ['', 'plain ms', 'hooked ms', 'added ms', 'aim'],
      rows: programs.map((program) => startupRow(program, plain, hooked, starts)),
    });
  });
}

/** The environment that a command really gets, as it prints it itself. */
function environments(directory) {
  const plain = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NODE_OPTIONS'));
  const command = [process.execPath, '-e', 'process.stdout.write(JSON.stringify(process.env))'];
  const { stdout } = spawnSync(process.execPath, budgetArguments(directory, 1, command), { env: plain });
  return { plain, hooked: JSON.parse(String(stdout)) };
}

/** The interpreter itself: a version manager's shim in front of it would take longer than it does. */
function python(env) {
  const { stdout, status } = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { env });
  if (status !== 0) return [];
  return [{ name: 'python3 -c pass', file: String(stdout).trim(), args: ['-c', 'pass'], most: 5 }];
}

function startupRow({ name, file, args, most }, plain, hooked, starts) {
  const took = (env) => {
    const start = performance.now();
    spawnSync(file, args, { env, stdio: 'ignore' });
    return performance.now() - start;
  };
  const [without, with_] = inTurns([() => took(plain), () => took(hooked)], starts);
  const added = addedTo(without, with_);
  const cells = [fixed(median(without), 1), fixed(median(with_), 1), signed(added, 1)];
  return [name, ...cells, most === undefined ? '' : aim(added < most, `+<${most} ms`)];
}

/** `token-budget run` from its start to the command's first instruction. */
export function coldStart({ coldStarts }) {
  return withDirectory((directory) => {
    printTable({
      title: 'Cold start of `token-budget run`, to the command’s first instruction',
      note: [
        `Up to ${coldStarts} starts each, in turns; medians. The command is \`date\`, then a Node program of the same version.`,
      ],
      heads: ['', 'date: direct ms', 'through ms', 'added ms', 'node: direct ms', 'through ms', 'added ms', ''],
      rows: NODES.map(([name, node]) => {
        const date = coldCells(directory, node, ['date', '+%s%N'], coldStarts);
        return [name, ...date, ...coldCells(directory, node, [node, '-e', NOW], coldStarts), ''];
      }),
    });
  });
}

/** The action's main step from its start to the command's first instruction, its shell included. */
export function actionStart({ coldStarts }) {
  return withDirectory((directory) => {
    printTable({
      title: 'Cold start of the action, from `node dist/main.js` to the command’s first instruction',
      note: [`Up to ${coldStarts} starts each; medians. The command is \`date\` in the step’s shell.`],
      heads: ['', 'ms', 'aim'],
      rows: NODES.map(([name, node]) => {
        const [took] = inTurns([() => reached(node, [MAIN], actionEnvironment(directory))], coldStarts);
        return [name, fixed(median(took), 1), name === 'node24' ? aim(median(took) < 300, '<300 ms') : ''];
      }),
    });
  });
}

/** What the runner sets, as far as a step without a token needs it. */
function actionEnvironment(directory) {
  return {
    PATH: process.env.PATH,
    GITHUB_WORKSPACE: directory,
    RUNNER_TEMP: directory,
    GITHUB_REPOSITORY: 'octo/evals',
    GITHUB_EVENT_NAME: 'push',
    INPUT_RUN: 'date +%s%N',
    'INPUT_MAX-TOKENS': '1000',
  };
}

/** Prints the wall clock in nanoseconds, as `date +%s%N` does. */
const NOW = 'console.log(String(Math.round((performance.timeOrigin + performance.now()) * 1e6)))';

function coldCells(directory, node, command, starts) {
  const [file, ...args] = command;
  const budgeted = budgetArguments(directory, 1, command);
  const [direct, through] = inTurns([() => reached(file, args), () => reached(node, budgeted)], starts);
  return [fixed(median(direct), 1), fixed(median(through), 1), signed(addedTo(direct, through), 1)];
}

/** Milliseconds until a program that prints the wall clock in nanoseconds read it. */
function reached(file, args, env = process.env) {
  const start = performance.timeOrigin + performance.now();
  const { stdout } = spawnSync(file, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  // The action prints lines of its own around it.
  return Number(/^\d{16,}$/m.exec(String(stdout))?.[0]) / 1e6 - start;
}

/** The median of what each start took more than the one beside it, so that a slow moment of the machine counts for both. */
function addedTo(plain, other) {
  return median(other.map((took, i) => took - plain[i]));
}

/** Longest time for the samples of one row on a busy machine, which then has fewer. */
const MOST_MS = 10_000;

/** Samples of each measurement, taken in turns, the first one changing; the first of each, which warms caches, is left out. */
function inTurns(measurements, count) {
  const samples = measurements.map(() => []);
  const start = performance.now();
  for (let i = 0; i <= count && (i < 4 || performance.now() - start < MOST_MS); i += 1) {
    const turns = [...measurements.entries()];
    for (const [k, measurement] of i % 2 ? turns : turns.reverse()) {
      const sample = measurement();
      if (i > 0) samples[k].push(sample);
    }
  }
  return samples;
}
