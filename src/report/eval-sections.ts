/** The parts and the rows of an eval in Markdown; empty for any other run. */
import type { Report } from '../generated/report.generated.js';
import { code, folded, table } from './escape.js';
import { rowUses, type RowUse } from './evals.js';
import { count, plural, spentUsd } from './format.js';

/** The parts of an eval in words. */
export const PHASE_WORDS = {
  preflight: 'Test call of the function',
  predict: 'Answering rows',
  judge: 'Judging answers',
  other: 'Other calls',
} as const;

/** What each part of the eval used. */
export function phaseTable({ phases = [] }: Report): string[] {
  const rows = phases.map((use) => [
    PHASE_WORDS[use.phase],
    count(use.calls),
    count(use.refused),
    count(use.input_tokens),
    count(use.output_tokens),
    spentUsd(use.cost_nano_usd, use.cost_incomplete_calls),
  ]);
  const heads = ['Part of the eval', '>Calls', '>Refused', '>Input tokens', '>Output tokens', '>Cost'];
  return rows.length === 0 ? [] : table(heads, rows);
}

/** The parts on one line: "predict 20 calls, 3,000 tokens, $0.01 · judge …"; empty where there are none. */
export function phaseWords({ phases = [] }: Report): string {
  const words = phases.map(({ phase, calls, total_tokens: tokens, cost_nano_usd: cost, cost_incomplete_calls: part }) =>
    [`${phase} ${plural(calls, 'call')}`, plural(tokens, 'token'), spentUsd(cost, part)].join(', '),
  );
  return words.join(' · ');
}

/** The costliest rows, judges included, folded. */
export function costliestRows(report: Report, most: number): string[] {
  const top = rowUses(report.calls).slice(0, most);
  if (top.length === 0) return [];
  const heads = ['Row', '>Calls', '>Refused', '>Tokens', '>Cost'];
  return folded(`${top[0]?.cost_nano_usd === 0 ? 'Largest' : 'Costliest'} rows`, table(heads, top.map(cellsOf)));
}

function cellsOf({ row, calls, refused, tokens, cost_nano_usd: cost, incomplete }: RowUse): string[] {
  return [code(row, 64), count(calls), count(refused), count(tokens), spentUsd(cost, incomplete)];
}
