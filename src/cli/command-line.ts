import { parseArgs } from 'node:util';
import pc from 'picocolors';
import { check } from './commands/check.js';
import { demo } from './commands/demo.js';
import { init } from './commands/init.js';
import { EXIT } from '../run/exit-status.js';
import type { Io } from './io.js';
import { prices } from './commands/prices.js';
import { report } from './commands/report.js';
import { run, runUnder } from './commands/run.js';
import { EnforcementError, PolicyError, UsageError } from '../domain/errors.js';
import { systemWords } from '../lib/system-error.js';
import { Mask } from '../mask/mask.js';
import { secretsIn } from '../mask/secrets.js';
import { startOverWithout, takeOver } from '../run/restart/handover.js';
import { ReportError } from '../report/build.js';
import { nearest } from '../policy/suggest.js';
import { VERSION } from '../domain/version.js';

const HELP = `token-budget ${VERSION}: a spending limit that holds for LLM evals and agents

  token-budget run [--policy FILE] [--report-dir DIR] [--keys FILE] [-- COMMAND…]
                                                                      run a command under its budget
  token-budget check [--policy FILE]                                  print the resolved policy, or its errors
  token-budget init                                                   write a starter policy and workflow
  token-budget report DIR                                             rebuild a run's report from its journal
  token-budget prices MODEL… [--provider NAME]                        print model prices with effective date and source
  token-budget demo [--report-dir DIR]                                see a budget hold; needs no key and no network

--keys FILE (- for standard input; needs \`keys: gateway\`): NAME=value lines for the gateway, hidden from the command.
Defaults: --policy token-budget.yml, --report-dir token-budget-report.
Exit status of run: the command's own; 2 invalid policy or arguments; 3 budget exceeded (on_exceed: raise or halt);
4 the budget could not be enforced.
`;

const COMMANDS = ['run', 'check', 'init', 'report', 'prices', 'demo'];

const OPTIONS = {
  policy: { type: 'string' },
  keys: { type: 'string' },
  provider: { type: 'string', default: '' },
  'report-dir': { type: 'string', default: 'token-budget-report' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

async function main(io: Io, args: readonly string[]): Promise<number> {
  // What follows `--` belongs to the command, whatever it looks like.
  const end = args.indexOf('--');
  const own = end === -1 ? args : args.slice(0, end);
  const command = end === -1 ? [] : args.slice(end + 1);
  const { values, positionals } = parse(own);
  if (values.version) return print(io, `${VERSION}\n`);
  const [name, ...operands] = positionals;
  const [operand, ...more] = operands;
  if (values.help || name === 'help') return print(io, HELP);
  if (name === undefined) {
    io.err(`${HELP}\n`);
    throw new UsageError('a command is missing');
  }
  if (!COMMANDS.includes(name)) throw new UsageError(`unknown command ${name}${meant(name, COMMANDS)}`);
  if (name === 'prices' && operand !== undefined) return prices(io, operands, values.provider, new Date());
  if (more.length > 0 || (operand !== undefined && name !== 'report')) {
    throw new UsageError(`unexpected argument ${operand ?? ''}. Put the command to run after --`);
  }
  const { policy, keys, 'report-dir': reportDir } = values;
  if (keys !== undefined && name !== 'run') throw new UsageError('--keys can only be used with run');
  switch (name) {
    case 'run':
      return run(io, { policy, reportDir, keys, command });
    case 'check':
      return check(io, policy);
    case 'init':
      return init(io);
    case 'demo':
      return demo(io, reportDir, runUnder);
    case 'prices':
      throw new UsageError('prices needs the name of a model');
    default:
      if (operand === undefined) throw new UsageError('report needs the directory of a run');
      return report(io, operand);
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(optionWords(error));
  }
}

/** What Node says of options, without its advice on words that begin with a dash: here those stand after `--`. */
function optionWords(error: unknown): string {
  const [words = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
  const option = /^Unknown option '--([^']*)'/.exec(words)?.[1];
  return option === undefined ? words : `unknown option --${option}${meant(option, Object.keys(OPTIONS), '--')}`;
}

function meant(word: string, known: readonly string[], dashes = ''): string {
  const near = nearest(word, known);
  return near === undefined ? '' : `. Did you mean ${dashes}${near}?`;
}

function print(io: Io, text: string): number {
  io.out(text);
  return EXIT.ok;
}

/** Says an error so that a person can act on it, and gives its exit status. */
function explain(io: Io, error: unknown): number {
  if (error instanceof PolicyError) {
    io.err(`${error.message}\n`);
    return EXIT.badPolicy;
  }
  if (error instanceof UsageError) {
    io.err(`token-budget: ${error.message.replace(/[.?]?$/, (end) => end || '.')} See token-budget --help\n`);
    return EXIT.badPolicy;
  }
  const expected = error instanceof EnforcementError || error instanceof ReportError;
  const unforeseen = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const text = expected ? error.message : (systemWords(error) ?? unforeseen);
  io.err(`token-budget: ${text}\n`);
  return EXIT.enforcement;
}

/** A process that was started over is not started over again. */
async function start(): Promise<number> {
  const startedOver = takeOver(process.env);
  const again = (names: readonly string[]) => {
    startOverWithout(names, process.env);
  };
  return main({ ...io, startOverWithout: startedOver ? undefined : again }, process.argv.slice(2));
}

/** Whatever was typed, and whatever a policy says: no key is printed. */
function printable(text: string): string {
  mask ??= new Mask(secretsIn(process.env));
  return mask.text(text);
}

let mask: Mask | undefined;

const io: Io = {
  env: process.env,
  startOverWithout: undefined,
  assets: import.meta.dirname,
  out: (text) => void process.stdout.write(printable(text)),
  err: (text) => void process.stderr.write(printable(text)),
  errIsTTY: process.stderr.isTTY,
  errSize: () => ({ rows: process.stderr.rows, columns: process.stderr.columns }),
  color: pc.isColorSupported && process.stderr.isTTY,
};

// Who reads our words may leave before we end (a pipe to `head`); that changes no verdict.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

// An error that nothing foresaw must not look like the command's own failure: the budget was not enforced to the end.
process.on('uncaughtException', (error) => process.exit(explain(io, error)));

process.exitCode = await start().catch((error: unknown) => explain(io, error));
