// Tables of text. A cell is a string; `aim` makes the one that says whether a figure is where it should be.

/** A figure's aim with a mark: `✓ <1 ms`. */
export function aim(reached, text) {
  return `${reached ? '✓' : '✗'} ${text}`;
}

export const fixed = (value, digits = 2) => (Number.isFinite(value) ? value.toFixed(digits) : '–');

export const signed = (value, digits = 2) => `${value < 0 ? '−' : '+'}${fixed(Math.abs(value), digits)}`;

export const whole = (value) => (Number.isFinite(value) ? Math.round(value).toLocaleString('en-US') : '–');

export const percent = (part, digits = 1) => `${fixed(part * 100, digits)}%`;

/** Prints a section: its title, a note on what was measured, and its rows under their heads. */
export function printTable({ title, note, heads, rows }) {
  const widths = heads.map((head, i) =>
    Math.max(...[head, ...rows.map((row) => row[i] ?? '')].map((cell) => cell.length)),
  );
  console.log(`\n${title}`);
  for (const line of note ?? []) console.log(`  ${line}`);
  console.log(`  ${lineOf(heads, widths)}`);
  console.log(`  ${widths.map((width) => '─'.repeat(width)).join('──')}`);
  for (const row of rows) console.log(`  ${lineOf(row, widths)}`);
}

/** Names and aims stand left, figures right. */
function lineOf(cells, widths) {
  const padded = cells.map((cell, i) =>
    i === 0 || i === widths.length - 1 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]),
  );
  return padded.join('  ').trimEnd();
}
