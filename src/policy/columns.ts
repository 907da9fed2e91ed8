/** Text in columns, for a terminal. */

/** Rows as lines with aligned columns, indented by two; a row of one cell runs across them. */
export function table(rows: readonly (readonly string[])[], sides: readonly ('left' | 'right')[]): string {
  const columns = rows.filter((row) => row.length > 1);
  const widths = sides.map((_, column) => Math.max(...columns.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => padded(cell, widths[column] ?? 0, sides[column])).join('  ');
  return rows.map((row) => `  ${line(row)}`.trimEnd()).join('\n');
}

function padded(cell: string, width: number, side: 'left' | 'right' | undefined): string {
  return side === 'right' ? cell.padStart(width) : cell.padEnd(width);
}

/** A name from outside as a terminal may be shown it. */
export function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}

export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** Thousands of an exact decimal string: 1234.50 → 1,234.50. */
export function groupedUsd(decimal: string): string {
  const [whole = '0', fraction = '00'] = decimal.split('.');
  return `${BigInt(whole).toLocaleString('en-US')}.${fraction}`;
}
