/** What each model used, as bars: tokens (input and output) and cost. */
import type { ModelUse, Report } from '../../generated/report.generated.js';
import { count, plural, spentUsd } from '../format.js';
import { capitalized } from '../sections.js';
import { drawing, figure, FRAME } from './axis.js';
import { html, name, px, type Markup } from './markup.js';

const MOST_MODELS = 8;
const ROW_HEIGHT = 38;
const BAR_HEIGHT = 12;
const MOST_NAME = 36;
const WIDTH = FRAME.width - 4;

/** One bar: its parts lie beside each other. */
interface Row {
  readonly label: string;
  readonly value: string;
  readonly parts: readonly { readonly kind: 'first' | 'second'; readonly amount: number; readonly words: string }[];
}

/** Tokens and cost by model, each with at most 8 models and the rest as one. */
export function modelCharts(report: Report): Markup {
  const used = report.models.filter((model) => model.calls > 0);
  const byTokens = used.toSorted((a, b) => b.total_tokens - a.total_tokens);
  const tokens = rowsOf(byTokens, tokenRow);
  const cost = rowsOf(used, costRow);
  return html`${figure('Tokens by model', 'Blue: input, orange: output.', bars('Tokens by model', tokens))}${figure('Cost by model', `${capitalized(spentUsd(report.totals.cost_nano_usd, report.totals.cost_incomplete_calls))} in total.`, bars('Cost by model', cost))}`;
}

function rowsOf(models: readonly ModelUse[], rowOf: (label: string, models: readonly ModelUse[]) => Row): Row[] {
  const most = models.length > MOST_MODELS ? MOST_MODELS - 1 : MOST_MODELS;
  const rest = models.slice(most);
  return [
    ...models.slice(0, most).map((model) => rowOf(name(model.model, MOST_NAME), [model])),
    ...(rest.length > 0 ? [rowOf(plural(rest.length, 'more model'), rest)] : []),
  ];
}

function tokenRow(label: string, models: readonly ModelUse[]): Row {
  const [input, output] = [sum(models, 'input_tokens'), sum(models, 'output_tokens')];
  return {
    label,
    value: count(input + output),
    parts: [
      { kind: 'first', amount: input, words: `${label}: ${count(input)} input tokens` },
      { kind: 'second', amount: output, words: `${label}: ${count(output)} output tokens` },
    ],
  };
}

function costRow(label: string, models: readonly ModelUse[]): Row {
  const cost = sum(models, 'cost_nano_usd');
  const words = spentUsd(cost, sum(models, 'cost_incomplete_calls'));
  return { label, value: words, parts: [{ kind: 'first', amount: cost, words: `${label}: ${words}` }] };
}

type Summed = 'input_tokens' | 'output_tokens' | 'cost_nano_usd' | 'cost_incomplete_calls';

function sum(models: readonly ModelUse[], field: Summed): number {
  return models.reduce((total, model) => total + (model[field] ?? 0), 0);
}

function bars(head: string, rows: readonly Row[]): Markup {
  const most = Math.max(1, ...rows.map(lengthOf));
  const words = rows.map((row) => row.parts.map((part) => part.words).join(', ')).join('; ');
  const drawn = rows.map((row, index) => barRow(row, index * ROW_HEIGHT, most));
  return drawing(`${head}: ${words}.`, rows.length * ROW_HEIGHT, html`${drawn}`);
}

function lengthOf(row: Row): number {
  return row.parts.reduce((total, part) => total + part.amount, 0);
}

function barRow(row: Row, top: number, most: number): Markup {
  let from = 0;
  const parts = row.parts.map(({ kind, amount, words }) => {
    const width = (amount / most) * WIDTH;
    const part = html`<rect class="${kind}" x="${px(from)}" y="${top + 20}" width="${px(width)}" height="${BAR_HEIGHT}"
      ><title>${words}</title></rect
    >`;
    from += width;
    return part;
  });
  return html`<text class="name" x="0" y="${top + 14}">${row.label}</text
    ><text x="${WIDTH}" y="${top + 14}" text-anchor="end">${row.value}</text
    ><rect class="track" x="0" y="${top + 20}" width="${WIDTH}" height="${BAR_HEIGHT}" />${parts}`;
}
