/**
 * The page's only script: it makes the heads of tables marked `data-sortable` into buttons that sort. Without it every
 * table is complete. It reads and moves what is there and writes no markup.
 */
export const SORT_SCRIPT = `'use strict';
for (const table of document.querySelectorAll('table[data-sortable]')) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const valueOf = (row, column) => {
    const cell = row.cells[column];
    const text = cell.dataset.v ?? cell.textContent.trim();
    const number = Number(text.replace(/[$,]/g, ''));
    return text === '' || Number.isNaN(number) ? text : number;
  };
  const compare = (a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b
      : typeof a === typeof b ? String(a).localeCompare(String(b)) : typeof a === 'number' ? 1 : -1;
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const numeric = head.classList.contains('n');
      const was = head.getAttribute('aria-sort');
      const up = was ? was === 'descending' : !numeric;
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const rows = [...body.rows].map((row) => ({ row, value: valueOf(row, column) }));
      rows.sort((a, b) => (up ? 1 : -1) * compare(a.value, b.value));
      body.append(...rows.map(({ row }) => row));
    });
  });
}
`;
