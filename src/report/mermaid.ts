/**
 * Spending over time as a Mermaid chart, which GitHub draws within Markdown. Its text is only our own words and digits,
 * never a name from outside.
 */
import type { Dimension } from '../domain/limit.js';
import type { LimitUse, Report } from '../generated/report.generated.js';
import { count, exactUsd } from './format.js';
import { spending, type Spent } from './series.js';

const MOST_POINTS = 40;
/** Below this part of its ceiling a line would lie on the floor: the chart then ends at what was used. */
const FAR_BELOW = 0.25;
const MS_A_SECOND = 1000;
const MS_A_MINUTE = 60_000;
const NANO = 1e9;

/** A line that stands out on a light and on a dark page; Mermaid's own is nearly invisible on the first. */
const COLOURS = '%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "#3b82d6"}}}}%%';

/** The chart as a fenced block; nothing where no call was settled. One line of at most 40 points. */
export function spendChart(report: Report): string[] {
  if (report.totals.calls === 0) return [];
  const limit = nearestLimit(report);
  const isCost = limit ? limit.dimension === 'cost_usd' : report.totals.cost_nano_usd > 0;
  const amount = (point: Spent): number => (isCost ? Number((point.cost / NANO).toPrecision(6)) : point.tokens);
  const values = sampled(spending(report), report.duration_ms).map(amount);
  const used = values.at(-1) ?? 0;
  const ceiling = limit ? limit.ceiling / (isCost ? NANO : 1) : used;
  const top = used > ceiling || used < ceiling * FAR_BELOW ? used : ceiling;
  const inMinutes = report.duration_ms >= 2 * MS_A_MINUTE;
  const end = Math.max(report.duration_ms, 1) / (inMinutes ? MS_A_MINUTE : MS_A_SECOND);
  return [
    '```mermaid',
    COLOURS,
    'xychart-beta',
    `    title "${isCost ? 'Cost' : 'Tokens'} over time${limitNote(limit, used, ceiling)}"`,
    `    x-axis "${inMinutes ? 'minutes' : 'seconds'}" 0 --> ${plain(Number(end.toPrecision(4)))}`,
    `    y-axis "${isCost ? 'USD' : 'tokens'}" 0 --> ${plain(top > 0 ? top : 1)}`,
    `    line [${values.map(plain).join(', ')}]`,
    '```',
  ];
}

function limitNote(limit: LimitUse | undefined, used: number, ceiling: number): string {
  if (!limit) return '';
  const words = `the limit of ${limit.dimension === 'cost_usd' ? exactUsd(limit.ceiling) : count(limit.ceiling)}`;
  if (used > ceiling) return `, over ${words}`;
  return used < ceiling * FAR_BELOW ? `, far below ${words}` : `; top: ${words}`;
}

/** The run's own limit of tokens or cost that is most used up. */
function nearestLimit(report: Report): LimitUse | undefined {
  const drawn: readonly Dimension[] = ['tokens', 'cost_usd'];
  return report.limits
    .filter((limit) => limit.scope === 'run' && drawn.includes(limit.dimension))
    .toSorted((a, b) => share(b) - share(a))[0];
}

function share({ used, ceiling }: LimitUse): number {
  return ceiling === 0 ? Infinity : used / ceiling;
}

/** What was spent at moments that lie evenly between the start and the end, both included. */
function sampled(points: readonly Spent[], durationMs: number): Spent[] {
  const last = Math.max(2, Math.min(MOST_POINTS, points.length)) - 1;
  let reached = 0;
  return Array.from({ length: last + 1 }, (_, slot) => {
    const ms = slot === last ? Infinity : (slot / last) * durationMs;
    while (reached < points.length - 1 && (points[reached + 1]?.ms ?? 0) <= ms) reached += 1;
    return points[reached] ?? { ms: 0, tokens: 0, cost: 0 };
  });
}

/** Without an exponent, which Mermaid does not read. */
function plain(value: number): string {
  return value.toFixed(9).replace(/\.?0+$/, '');
}
