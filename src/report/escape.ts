/**
 * Text from outside (model names, hosts, commands, file names) on its way into a report that people open in a browser or
 * a terminal. Whatever it holds, it stays one piece of plain text on its line: no markup, no mention, no table cell, no
 * control sequence. The full text stands in report.json.
 */

// Control, format, surrogate and unassigned characters: line ends, terminal sequences, text that runs backwards.
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\s]+/gu;
const ZERO_WIDTH_SPACE = '\u200B';

/** On one line, without anything invisible, and cut to at most `max` characters (the last an ellipsis). */
export function oneLine(text: string, max = 60): string {
  const line = text
    .slice(0, max * 20)
    .replace(INVISIBLE, ' ')
    .trim();
  const characters = Array.from(line);
  return characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : line;
}

/**
 * As a Markdown code span that its text cannot end: the fence is longer than any run of backticks in it. A zero-width
 * space after `@`, `<`, `[` and `]` also keeps it inert for readers of the source that know no code spans: nobody is
 * mentioned, and nothing in it looks like a tag, a comment marker or a link.
 */
export function code(text: string, max?: number): string {
  const line = oneLine(text, max);
  if (line === '') return '(none)';
  const inert = line.replace(/[@<[\]]/g, `$&${ZERO_WIDTH_SPACE}`);
  const longestRun = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longestRun + 1);
  const space = /^`|`$/.test(line) ? ' ' : '';
  return `${fence}${space}${inert}${space}${fence}`;
}

/**
 * A row of a Markdown table. A pipe within a cell is escaped, behind a zero-width space: a backslash in the text before
 * it would otherwise escape our backslash, and the pipe would end the cell.
 */
export function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', `${ZERO_WIDTH_SPACE}\\|`)).join(' | ')} |`;
}

/** A Markdown table, its heads aligned: a head that starts with `>` stands right. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [
    row(heads.map((head) => head.replace(/^>/, ''))),
    row(heads.map((head) => (head.startsWith('>') ? '--:' : '---'))),
    ...rows.map(row),
  ];
}
