import { expect, it } from 'vitest';
import { acrossFrom0, timeUnit, xAxis } from '../../src/report/html/axis.js';

/** Width of a character of an axis, and the least gap between two words, in units of the drawing. */
const CHARACTER = 7;
const GAP = 4;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Spans from 1 ms to 30 h, each 7 % longer than the one before. */
const SPANS = Array.from({ length: 275 }, (_, i) => 1.07 ** i).filter((span) => span <= 30 * HOUR);

function labelsOf(span: number): { text: string; from: number; to: number }[] {
  const { markup } = xAxis(acrossFrom0(span), timeUnit(span), 5);
  return [...markup.matchAll(/<text x="([\d.]+)"[^>]*>([^<]+)</g)].map(([, x, text = '']) => {
    const half = (text.length * CHARACTER) / 2;
    return { text, from: Number(x) - half, to: Number(x) + half };
  });
}

it('words below an axis of time stand apart, however long it is', () => {
  const bounds = [999, SECOND, 1_400, 2 * MINUTE - 1, 2 * MINUTE, 2 * HOUR - 1, 2 * HOUR];
  for (const span of [...SPANS, ...bounds]) {
    const labels = labelsOf(span);
    expect(labels.length).toBeGreaterThan(2);
    const close = labels.filter(({ from }, i) => from < (labels[i - 1]?.to ?? -Infinity) + GAP);
    expect({ span, close }).toEqual({ span, close: [] });
  }
});
