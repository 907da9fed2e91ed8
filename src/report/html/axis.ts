/** The frame that every chart with two axes stands in, and the words on its axes. */
import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { count } from '../format.js';
import { html, px, type Markup } from './markup.js';

/** A linear scale of a chart. */
export type Scale = ScaleLinear<number, number>;

/** In units of the drawing, which is as wide as its card. */
export const FRAME = { width: 440, height: 230, left: 52, right: 428, top: 16, bottom: 196 } as const;

const TICK_LENGTH = 4;
const X_LABEL = 16;

/** What an axis counts in: its ticks are round numbers of `size` ms, tokens or nano-USD each. */
export interface Unit {
  readonly size: number;
  readonly words: (value: number) => string;
}

const NANO = 1e9;

/** A scale from 0 to at least `most`, from left to right. */
export function acrossFrom0(most: number): Scale {
  return scaleLinear([0, most], [FRAME.left, FRAME.right]);
}

/** A scale from 0 to at least `most`, from the floor up. */
export function upFrom0(most: number): Scale {
  return scaleLinear([0, most], [FRAME.bottom, FRAME.top]);
}

/** Time in ms, seconds, minutes or hours, whichever is round for a span of so many ms. */
export function timeUnit(mostMs: number): Unit {
  const [size, noun] =
    mostMs < 1000
      ? ([1, 'ms'] as const)
      : mostMs < 120_000
        ? ([1000, 's'] as const)
        : mostMs < 7_200_000
          ? ([60_000, 'min'] as const)
          : ([3_600_000, 'h'] as const);
  return { size, words: (value) => (value === 0 ? '0' : `${short(value)} ${noun}`) };
}

/** Tokens and other counts: 900, 25k, 1.5M. */
export const COUNT_UNIT: Unit = { size: 1, words: short };

/** Money as USD; `step` is the distance of its ticks in USD, which says how many decimals tell them apart. */
export function moneyUnit(step: number): Unit {
  const places = step >= 1 ? 0 : Math.min(9, Math.max(2, Math.ceil(-Math.log10(step))));
  return {
    size: NANO,
    words: (value) => (value === 0 ? '$0' : `$${step >= 1000 ? short(value) : value.toFixed(places)}`),
  };
}

/** Lines across at the ticks of the y axis, with their values. */
export function yAxis(scale: Scale, unit: Unit, ticks: number): Markup {
  const lines = ticksIn(scale, unit, ticks).map(({ at, label }) => {
    const kind = at === FRAME.bottom ? 'axis' : 'grid';
    return html`<line class="${kind}" x1="${FRAME.left}" x2="${FRAME.right}" y1="${px(at)}" y2="${px(at)}" /><text
        x="${FRAME.left - 6}"
        y="${px(at + 4)}"
        text-anchor="end"
        >${label}</text
      >`;
  });
  return html`${lines}`;
}

/** Marks below the floor at the ticks of the x axis, with their values. */
export function xAxis(scale: Scale, unit: Unit, ticks: number): Markup {
  const marks = ticksIn(scale, unit, ticks).map(
    ({ at, label }) =>
      html`<line
          class="axis"
          x1="${px(at)}"
          x2="${px(at)}"
          y1="${FRAME.bottom}"
          y2="${FRAME.bottom + TICK_LENGTH}"
        /><text x="${px(at)}" y="${FRAME.bottom + X_LABEL}" text-anchor="middle">${label}</text>`,
  );
  return html`${marks}`;
}

/** A drawing that a screen reader reads out as `words`. */
export function drawing(words: string, height: number, parts: Markup): Markup {
  return html`<svg class="chart" role="img" aria-label="${words}" viewBox="0 0 ${FRAME.width} ${height}">
    ${parts}
  </svg>`;
}

/** A chart with its head, its words and its drawing, as one figure. */
export function figure(head: string, words: string, drawn: Markup): Markup {
  return html`<figure class="card">
    <figcaption>
      <h3>${head}</h3>
      <p>${words}</p>
    </figcaption>
    ${drawn}
  </figure> `;
}

/** Where the round numbers of a unit lie on a scale. */
function ticksIn(scale: Scale, unit: Unit, ticks: number): { at: number; label: string }[] {
  const [, most = 0] = scale.domain();
  return scaleLinear([0, most / unit.size], scale.range())
    .ticks(ticks)
    .map((value) => ({ at: scale(value * unit.size), label: unit.words(value) }));
}

function short(value: number): string {
  if (value >= 1e9) return `${trimmed(value / 1e9)}B`;
  if (value >= 1e6) return `${trimmed(value / 1e6)}M`;
  if (value >= 10_000) return `${trimmed(value / 1000)}k`;
  return Number.isInteger(value) ? count(value) : trimmed(value);
}

function trimmed(value: number): string {
  return String(Number(value.toFixed(2)));
}
