import type { PolicyProblem } from '../domain/errors.js';
import type { Report } from '../generated/report.generated.js';
import { gap } from '../report/advice.js';
import { gaugeWords, usedOfCeiling } from '../report/words.js';
import { oneLine } from '../report/escape.js';
import type { Toolkit } from './io.js';

/** A message at a place of a file, as a workflow's log and a pull request's files show it. */
export interface Annotation {
  readonly level: 'error' | 'warning';
  readonly message: string;
  readonly title: string;
  readonly file?: string;
  readonly startLine?: number;
  readonly startColumn?: number;
}

/** What a reader of the log and of the pull request's files has to see of a run. */
export function reportAnnotations(report: Report): Annotation[] {
  const bypassed = gap(report).map((message) => ({ level: 'warning', title: 'Token Budget', message }) as const);
  return [...limitAnnotations(report), ...bypassed];
}

/** One for each limit that broke, at its line of the policy: an error, or under `warn` a warning. */
function limitAnnotations(report: Report): Annotation[] {
  const level = report.policy.on_exceed === 'warn' ? 'warning' : 'error';
  return report.limits
    .filter(({ exceeded }) => exceeded)
    .map((limit) => {
      const refused = limit.refused === 0 ? '' : `, ${limit.refused} refused`;
      const message = `${gaugeWords(limit, (text) => oneLine(text, 100))}: ${usedOfCeiling(limit)}${refused}`;
      return { level, title: 'Token Budget', message, ...placeOf(limit.at) };
    });
}

/** A policy's problems where they are. */
export function problemAnnotations(level: Annotation['level'], problems: readonly PolicyProblem[]): Annotation[] {
  return problems.map(({ at, key, message, remedy }) => ({
    level,
    title: 'Token Budget policy',
    message: `${key === '' ? '' : `${key}: `}${message}. ${remedy}`,
    ...placeOf(at),
  }));
}

/** `file:line:column` in parts; nothing where it is not a place in a file (an input). */
function placeOf(at: string): Pick<Annotation, 'file' | 'startLine' | 'startColumn'> {
  const match = /^(.+):(\d+):(\d+)$/.exec(at);
  if (!match?.[1]) return {};
  return { file: match[1], startLine: Number(match[2]), startColumn: Number(match[3]) };
}

/** Hands annotations to the runner. */
export function annotate(core: Pick<Toolkit, 'error' | 'warning'>, annotations: readonly Annotation[]): void {
  for (const { level, message, ...place } of annotations) core[level](message, place);
}
