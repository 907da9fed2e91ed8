/** Spending over time against the run's limit, with the calls that were refused marked where it happened. */
import { area, curveStepAfter, line } from 'd3-shape';
import type { LimitUse, Report } from '../../generated/report.generated.js';
import { count, duration, exactUsd, plural, usd } from '../format.js';
import { refusalTimes, spending, type Spent } from '../series.js';
import {
  acrossFrom0,
  COUNT_UNIT,
  drawing,
  figure,
  FRAME,
  moneyUnit,
  timeUnit,
  upFrom0,
  xAxis,
  yAxis,
  type Scale,
  type Unit,
} from './axis.js';
import { html, px, when, type Markup } from './markup.js';

const NANO = 1e9;
const Y_TICKS = 4;
const X_TICKS = 5;
/** A limit more than so many times what was used would press the curve to the floor: it is told in words only. */
const FAR = 4;
const HEADROOM = 1.08;
const MARK_HEIGHT = 9;

interface Measure {
  readonly head: string;
  readonly dimension: 'tokens' | 'cost_usd';
  readonly amount: (point: Spent) => number;
  readonly words: (amount: number) => string;
  readonly unit: (most: number) => Unit;
}

const TOKENS: Measure = {
  head: 'Tokens over time',
  dimension: 'tokens',
  amount: ({ tokens }) => tokens,
  words: (tokens) => plural(tokens, 'token'),
  unit: () => COUNT_UNIT,
};

const COST: Measure = {
  head: 'Cost over time',
  dimension: 'cost_usd',
  amount: ({ cost }) => cost,
  words: usd,
  unit: (most) => moneyUnit(most / NANO / Y_TICKS),
};

/** Cost and tokens over time. */
export function timelines(report: Report): Markup {
  const points = spending(report);
  const refusals = refusalTimes(report);
  return html`${[COST, TOKENS].map((measure) => timeline(report, measure, points, refusals))}`;
}

function timeline(report: Report, measure: Measure, points: readonly Spent[], refusals: readonly number[]): Markup {
  const end = Math.max(report.duration_ms, 1);
  const limit = report.limits.find(({ scope, dimension }) => scope === 'run' && dimension === measure.dimension);
  const used = measure.amount(points.at(-1) ?? { ms: 0, tokens: 0, cost: 0 });
  const isDrawn = limit !== undefined && (limit.ceiling <= used * FAR || used === 0);
  const most = Math.max(used, isDrawn ? limit.ceiling : 0) * HEADROOM || 1;
  const [x, y] = [acrossFrom0(end), upFrom0(most)];
  const words = `${summary(measure, used, end, limit)}${refusalSummary(refusals)}`;
  const parts = html`${yAxis(y, measure.unit(most), Y_TICKS)}${xAxis(x, timeUnit(end), X_TICKS)}${curve(measure, points, x, y)}${when(isDrawn, () => limitLine(limit?.ceiling ?? 0, limitWords(limit), y))}${refusalMarks(refusals, x)}`;
  return figure(measure.head, words, drawing(`${measure.head}: ${words}`, FRAME.height - 8, parts));
}

function summary(measure: Measure, used: number, end: number, limit: LimitUse | undefined): string {
  const under = limit ? `; the ${limitWords(limit)}` : '; no limit';
  return `${measure.words(used)} in ${duration(end)}${under}.`;
}

function limitWords(limit: LimitUse | undefined): string {
  if (!limit) return '';
  return `limit is ${limit.dimension === 'cost_usd' ? exactUsd(limit.ceiling) : count(limit.ceiling)}`;
}

function refusalSummary(refusals: readonly number[]): string {
  const [first] = refusals;
  if (first === undefined) return '';
  return ` ${plural(refusals.length, 'refused call')} marked in red, the first after ${duration(first)}.`;
}

function curve(measure: Measure, points: readonly Spent[], x: Scale, y: Scale): Markup {
  const seen = lastOfEachColumn(points, x);
  const across = (point: Spent): number => x(point.ms);
  const up = (point: Spent): number => y(measure.amount(point));
  const shape = area(across, FRAME.bottom, up).curve(curveStepAfter).digits(1)(seen) ?? '';
  const stroke = line(across, up).curve(curveStepAfter).digits(1)(seen) ?? '';
  return html`<path class="area" d="${shape}" /><path class="curve" d="${stroke}" />`;
}

/** No more points than there are units across: of those in one, the last tells what was reached. */
function lastOfEachColumn(points: readonly Spent[], x: Scale): Spent[] {
  const columns = new Map(points.map((point) => [Math.round(x(point.ms)), point]));
  const [first] = points;
  return first ? [first, ...columns.values()] : [];
}

function limitLine(ceiling: number, words: string, y: Scale): Markup {
  const at = y(ceiling);
  return html`<line class="limit" x1="${FRAME.left}" x2="${FRAME.right}" y1="${px(at)}" y2="${px(at)}" /><text
      class="limit-text"
      x="${FRAME.left + 6}"
      y="${px(at + 16)}"
      >${words.replace(' is', '')}</text
    >`;
}

/** One stroke on the floor for each place where calls were refused. */
function refusalMarks(refusals: readonly number[], x: Scale): Markup {
  const places = [...new Set(refusals.map((ms) => Math.round(x(ms))))];
  return when(places.length > 0, () => {
    const strokes = places.map((place) => `M${place} ${FRAME.bottom}v-${MARK_HEIGHT}`).join('');
    return html`<path class="refused" d="${strokes}"><title>${plural(refusals.length, 'refused call')}</title></path>`;
  });
}
