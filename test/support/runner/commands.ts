/** Workflow commands in an action's output, as the runner takes them. */

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly title?: string;
  readonly file?: string;
  readonly line?: number;
  readonly endLine?: number;
  readonly col?: number;
}

export interface Log {
  /** What the log shows: masked, without the commands that were obeyed. */
  readonly lines: string[];
  readonly masks: string[];
  readonly annotations: Annotation[];
  /** Names of the groups, in order. */
  readonly groups: string[];
  readonly debug: string[];
  /** Tokens by which commands were stopped. */
  readonly stops: string[];
  /** Whether commands are stopped still: everything after this step would be shown raw. */
  stopped: string | undefined;
  openGroups: number;
}

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

const COMMAND = /^::([a-z-]+)(?: ([^:]*?))?::(.*)$/i;
const LEVELS = ['error', 'warning', 'notice'] as const;

export function openLog(): Log {
  return { lines: [], masks: [], annotations: [], groups: [], debug: [], stops: [], stopped: undefined, openGroups: 0 };
}

/** Takes one line of output. */
export function takeLine(log: Log, line: string): void {
  if (log.stopped !== undefined) {
    if (line.trim() === `::${log.stopped}::`) log.stopped = undefined;
    else log.lines.push(masked(log, line));
    return;
  }
  const command = parseCommand(line);
  if (!command || !obey(log, command)) log.lines.push(masked(log, line));
}

function parseCommand(line: string): Command | undefined {
  const match = COMMAND.exec(line.trimStart());
  if (!match) return undefined;
  const [, name = '', list = '', data = ''] = match;
  const pairs = list
    .split(',')
    .filter((pair) => pair.includes('='))
    .map((pair) => [pair.slice(0, pair.indexOf('=')).trim(), unescaped(pair.slice(pair.indexOf('=') + 1))] as const);
  return { name: name.toLowerCase(), properties: Object.fromEntries(pairs), data: unescaped(data) };
}

function unescaped(text: string): string {
  const signs: Readonly<Record<string, string>> = { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',', '%25': '%' };
  return text.replace(/%(?:0D|0A|3A|2C|25)/g, (sign) => signs[sign] ?? sign);
}

/** Whether the runner knows the command. */
function obey(log: Log, { name, properties, data }: Command): boolean {
  const level = LEVELS.find((each) => each === name);
  if (level) log.annotations.push(annotationOf(level, properties, masked(log, data)));
  else if (name === 'add-mask') log.masks.push(...data.split(/\r?\n/).filter((part) => part.trim() !== ''));
  else if (name === 'group') log.openGroups = log.groups.push(masked(log, data)) > 0 ? log.openGroups + 1 : 0;
  else if (name === 'endgroup') log.openGroups = Math.max(0, log.openGroups - 1);
  else if (name === 'debug') log.debug.push(masked(log, data));
  else if (name === 'stop-commands') log.stops.push((log.stopped = data));
  else return ['echo', 'add-matcher', 'remove-matcher'].includes(name);
  return true;
}

function annotationOf(level: Annotation['level'], given: Command['properties'], message: string): Annotation {
  const number = (name: string) => (given[name] === undefined ? undefined : Number(given[name]));
  const fields = { title: given.title, file: given.file };
  const places = { line: number('line'), endLine: number('endLine'), col: number('col') };
  const known = Object.entries({ ...fields, ...places }).filter(([, value]) => value !== undefined);
  return { level, message, ...Object.fromEntries(known) };
}

function masked(log: Log, text: string): string {
  return log.masks.reduce((shown, mask) => shown.replaceAll(mask, '***'), text);
}
