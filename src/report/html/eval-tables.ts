/** The parts and the rows of an eval; empty for any other run. */
import type { Report } from '../../generated/report.generated.js';
import { PHASE_WORDS } from '../eval-sections.js';
import { rowUses } from '../evals.js';
import { count, spentUsd } from '../format.js';
import { html, name, type Markup } from './markup.js';
import { section, table } from './frame.js';

const MOST_ROWS = 200;

/** What each part of the eval used. */
export function phaseTable({ phases = [] }: Report): Markup {
  const rows = phases.map(
    (use) =>
      html`<tr>
        <th scope="row">${PHASE_WORDS[use.phase]}</th>
        <td class="n">${count(use.calls)}</td>
        <td class="n">${count(use.refused)}</td>
        <td class="n">${count(use.input_tokens)}</td>
        <td class="n">${count(use.output_tokens)}</td>
        <td class="n">${spentUsd(use.cost_nano_usd, use.cost_incomplete_calls)}</td>
      </tr> `,
  );
  const heads = ['Part', '>Calls', '>Refused', '>Input', '>Output', '>Cost'];
  return section('Parts of the eval', table('Tokens and cost by part of the eval.', heads, rows, rows.length));
}

/** The costliest rows, judges included. */
export function rowTable({ calls }: Report): Markup {
  const uses = rowUses(calls);
  const rows = uses.slice(0, MOST_ROWS).map(
    (use) =>
      html`<tr>
        <th scope="row"><code>${name(use.row)}</code></th>
        <td class="n">${count(use.calls)}</td>
        <td class="n">${count(use.refused)}</td>
        <td class="n">${count(use.tokens)}</td>
        <td class="n">${spentUsd(use.cost_nano_usd, use.incomplete)}</td>
      </tr> `,
  );
  const heads = ['Row', '>Calls', '>Refused', '>Tokens', '>Cost'];
  return section('Rows', table('The costliest rows, judges included.', heads, rows, uses.length));
}
