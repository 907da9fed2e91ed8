/** What all tables and sections of the page are framed by. */
import { count } from '../format.js';
import { html, when, type Markup } from './markup.js';

/** A table that can be scrolled by keyboard where it is wider than its page; nothing without rows. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly Markup[],
  all: number,
  mark: '' | 'data-sortable' = '',
): Markup {
  const more = all > rows.length ? ` ${count(all - rows.length)} more are in report.json.` : '';
  const cells = heads.map(
    (head) => html`<th scope="col" class="${head.startsWith('>') ? 'n' : ''}">${head.replace(/^>/, '')}</th>`,
  );
  return when(
    rows.length > 0,
    () =>
      html`<div class="card scroll" role="region" aria-label="${caption}" tabindex="0">
        <table ${mark}>
          <caption>
            ${caption}${more}
          </caption>
          <thead>
            <tr>
              ${cells}
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </div>`,
  );
}

/** A table under its head; nothing without a table. */
export function section(head: string, body: Markup): Markup {
  return when(
    body.markup !== '',
    () =>
      html`<section>
        <h2>${head}</h2>
        ${body}
      </section> `,
  );
}
