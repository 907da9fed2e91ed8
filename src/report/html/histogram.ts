/** How long calls took and how many tokens they used: how many calls lie in each stretch of equal length. */
import { scaleLinear } from 'd3-scale';
import type { CallUse, Report } from '../../generated/report.generated.js';
import { count, duration, plural } from '../format.js';
import { isSettled } from '../sums.js';
import { COUNT_UNIT, drawing, figure, FRAME, timeUnit, upFrom0, xAxis, yAxis, type Scale, type Unit } from './axis.js';
import { html, px, when, type Markup } from './markup.js';

const BINS = 18;
const X_TICKS = 5;
const Y_TICKS = 4;
const OVERFLOW_WIDTH = 22;
const GAP = 1;
/** A few far values would press all others into one bar: what lies beyond this share stands in a bar of its own. */
const SHARE_SHOWN = 0.98;
const FAR = 1.5;

interface Measure {
  readonly head: string;
  readonly values: readonly number[];
  readonly words: (value: number) => string;
  readonly unit: (most: number) => Unit;
  readonly nothing: string;
}

/** How many values lie from `from` up to and without `to`. */
interface Bin {
  readonly from: number;
  readonly to: number;
  readonly calls: number;
}

/** Latency and tokens a call, over the settled calls. */
export function histograms(report: Report): Markup {
  const settled = report.calls.filter(isSettled);
  const latency: Measure = {
    head: 'Time per call',
    values: settled.map(({ duration_ms: ms }: CallUse) => ms).filter((ms) => ms !== null),
    words: duration,
    unit: timeUnit,
    nothing: 'No call ended.',
  };
  const tokens: Measure = {
    head: 'Tokens per call',
    values: settled.map(({ usage }) => usage.total_tokens),
    words: (value) => plural(Math.round(value), 'token'),
    unit: () => COUNT_UNIT,
    nothing: 'No call was answered.',
  };
  return html`${[latency, tokens].map(histogram)}`;
}

function histogram(measure: Measure): Markup {
  const values = measure.values.toSorted((a, b) => a - b);
  if (values.length === 0) return figure(measure.head, measure.nothing, html``);
  const median = quantile(values, 0.5);
  const words = `${plural(values.length, 'call')}: median ${measure.words(median)}, 95% within ${measure.words(quantile(values, 0.95))}, largest ${measure.words(quantile(values, 1))}.`;
  return figure(
    measure.head,
    words,
    drawing(`${measure.head}: ${words}`, FRAME.height - 8, drawn(measure, values, median)),
  );
}

function drawn(measure: Measure, values: readonly number[], median: number): Markup {
  const largest = quantile(values, 1);
  const shown = quantile(values, SHARE_SHOWN);
  const hasFar = largest > shown * FAR;
  const unit = measure.unit(hasFar ? shown : largest);
  const bins = binsOf(values, (hasFar ? shown : largest) || unit.size, unit);
  const most = bins.at(-1)?.to ?? 1;
  const beyond = values.filter((value) => value >= most && hasFar).length;
  const x = scaleLinear([0, most], [FRAME.left, FRAME.right - (beyond > 0 ? OVERFLOW_WIDTH + 8 : 0)]);
  const y = upFrom0(Math.max(beyond, ...bins.map((bin) => bin.calls)) * 1.05);
  const columns = bins.filter((bin) => bin.calls > 0).map((bin) => column(measure, bin, x, y));
  return html`${yAxis(y, COUNT_UNIT, Math.min(Y_TICKS, Math.floor(y.domain()[1] ?? 1)))}${xAxis(x, unit, X_TICKS)}${columns}${when(beyond > 0, () => overflow(measure, most, beyond, y))}<line
      class="median"
      x1="${px(x(median))}"
      x2="${px(x(median))}"
      y1="${FRAME.top}"
      y2="${FRAME.bottom}"
      ><title>median ${measure.words(median)}</title></line
    >`;
}

/** About 18 stretches between round numbers that hold all values up to `most`; the last holds its upper end too. */
function binsOf(values: readonly number[], most: number, unit: Unit): Bin[] {
  const scale = scaleLinear([0, most / unit.size], [0, 1]).nice(BINS);
  const edges = scale.ticks(BINS).map((edge) => edge * unit.size);
  const last = edges.length - 2;
  const calls = new Array<number>(edges.length - 1).fill(0);
  const step = (edges[1] ?? 1) - (edges[0] ?? 0);
  const end = edges.at(-1) ?? 0;
  for (const value of values.filter((one) => one <= end)) {
    const index = Math.min(last, Math.floor(value / step));
    calls[index] = (calls[index] ?? 0) + 1;
  }
  return calls.map((number, index) => ({ from: index * step, to: (index + 1) * step, calls: number }));
}

function column(measure: Measure, bin: Bin, x: Scale, y: Scale): Markup {
  const [left, right] = [x(bin.from) + GAP / 2, x(bin.to) - GAP / 2];
  const words = `${measure.words(bin.from)} to ${measure.words(bin.to)}: ${plural(bin.calls, 'call')}`;
  return html`<rect
    class="first"
    x="${px(left)}"
    y="${px(y(bin.calls))}"
    width="${px(Math.max(1, right - left))}"
    height="${px(FRAME.bottom - y(bin.calls))}"
    ><title>${words}</title></rect
  >`;
}

function overflow(measure: Measure, most: number, calls: number, y: Scale): Markup {
  const left = FRAME.right - OVERFLOW_WIDTH;
  const words = `more than ${measure.words(most)}: ${plural(calls, 'call')}`;
  return html`<rect
      class="rest"
      x="${left}"
      y="${px(y(calls))}"
      width="${OVERFLOW_WIDTH}"
      height="${px(FRAME.bottom - y(calls))}"
      ><title>${words}</title></rect
    ><text x="${left + OVERFLOW_WIDTH / 2}" y="${FRAME.bottom + 16}" text-anchor="middle">more</text
    ><text x="${left + OVERFLOW_WIDTH / 2}" y="${px(y(calls) - 4)}" text-anchor="middle">${count(calls)}</text>`;
}

/** The value that this share of the sorted values does not pass. */
function quantile(values: readonly number[], share: number): number {
  return values[Math.max(0, Math.ceil(values.length * share) - 1)] ?? 0;
}
