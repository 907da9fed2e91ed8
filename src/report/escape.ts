/**
 * Makes text from outside (model names, hosts, commands, file names) safe for a report that people open in a browser or
 * a terminal. Whatever it contains, it stays plain text on one line: no markup, no mention, no table cell, no control
 * sequence. report.json has the full text.
 */

// Control, format, surrogate and unassigned characters: line ends, terminal sequences, text that runs backwards.
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\s]+/gu;
const ZERO_WIDTH_SPACE = '\u200B';
const MOST_SENTENCE = 600;
const MOST_ADDRESS = 500;

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

/**
 * A sentence of our own in Markdown whose outside parts went through `code`, made sure of once more: it stays on its
 * line, at most 600 characters long, and neither mentions anybody nor opens a tag, whoever wrote it.
 */
export function sentence(text: string): string {
  const line = text.replace(/[\r\n\u2028\u2029]+/g, ' ').replace(/[@<](?!\u200B)/g, `$&${ZERO_WIDTH_SPACE}`);
  return Array.from(line).slice(0, MOST_SENTENCE).join('');
}

/** A Markdown link to a web page; only the words, which are our own, where the address is not http or https. */
export function link(words: string, address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  const href = isWeb ? url.href.replace(/[^\w:/?&=%.,;~+#-]/g, hexOf) : '';
  return href === '' || href.length > MOST_ADDRESS ? words : `[${words}](${href})`;
}

/** The octet of a character of an address, all of which are ASCII, in percent-encoding. */
function hexOf(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Lines that a reader opens by their summary, which is our own words. */
export function folded(summary: string, lines: readonly string[]): string[] {
  return ['<details>', `<summary>${summary}</summary>`, '', ...lines, '', '</details>'];
}
