import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/domain/entry.js';
import { buildReport } from '../../src/report/build.js';
import { code, oneLine, row, table } from '../../src/report/escape.js';
import { renderMarkdown } from '../../src/report/markdown.js';
import { renderTerminal } from '../../src/report/terminal.js';
import { hostile } from './hostile.js';
import { open, refuse, reserve, settle } from './runs.js';
import { said, sample } from '../support/sample.js';

const STRINGS = sample(10_000);

/** The cells of a row as GitHub splits them: a pipe behind a backslash that is not itself escaped is text. */
function cellsOf(line: string): string[] {
  const inner = line.replace(/^\| /, '').replace(/ \|$/, '');
  return inner.split(/(?<!\\)(?:\\\\)*\|/);
}

/** What is left of a cell once its code spans are taken out, as CommonMark finds them: a fence ends at its equal. */
function outsideCode(cell: string): string {
  return cell.replace(/(?<!`)(`+)(?!`)([^]*?[^`])\1(?!`)/g, '');
}

test(`${said(STRINGS)} hostile strings each stay one code span in one cell of one row, without a mention or a tag`, () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const line = row(['before', code(text), 'after']);
      expect(line).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u);
      const cells = cellsOf(line);
      expect(cells).toHaveLength(3);
      expect(outsideCode(cells[1] ?? '').trim()).toMatch(/^(\(none\))?$/);
      expect(line).not.toMatch(/@[\w-]|<[a-z!/?]|\]\(/i);
      expect(line.length).toBeLessThan(600);
    }),
    { numRuns: STRINGS },
  );
});

test('hostile names everywhere leave the shape of a report as it is, in Markdown and in a terminal', () => {
  const reportWith = (text: string) =>
    buildReport([
      open({
        argv: [text, text],
        policy: { file: text, hash: '' },
        prices: { source: text, date: text },
        tool: text,
        limits: [{ dimension: 'tokens', scope: `models.${text}`, ceiling: 5, at: text }],
      }),
      reserve(1, { model: text, provider: text, host: text, unbounded: `x${text}`, outputBound: 9, rate: 'none' }),
      settle(1, { model: text }),
      refuse(2, { model: `m${text}`, limit: { dimension: 'tokens', scope: `models.${text}` } }),
      { event: 'notice', ms: 3, code: 'unmetered', text },
    ]);
  const shapeOf = (text: string): string[] =>
    text.split('\n').map((line) => (line.startsWith('|') ? String(cellsOf(line).length) : line.slice(0, 3)));
  const terminal = { color: false, reportDir: 'd' };
  fc.assert(
    fc.property(hostile, (text) => {
      // A star matches every model, so that all reports have the same lines.
      const report = reportWith(`*${text}`);
      const calm = reportWith('*m');
      expect(shapeOf(renderMarkdown(report))).toEqual(shapeOf(renderMarkdown(calm)));
      expect(renderMarkdown(report)).not.toMatch(/@[\w-]|<!--|<script|\]\(/i);
      expect(renderTerminal(report, terminal).split('\n')).toHaveLength(
        renderTerminal(calm, terminal).split('\n').length,
      );
      expect(renderTerminal(report, terminal)).not.toMatch(/[^\P{C}\n]/u);
    }),
    { numRuns: 300 },
  );
});

test('a report of 5,000 calls to 500 models with long names under 500 limits stays below 60,000 characters', () => {
  const name = (index: number): string => `${'@<[]|`'.repeat(40)}${index}`;
  const ids = Array.from({ length: 5000 }, (_, index) => index);
  const limits = ids.slice(0, 500).map((index) => ({
    dimension: 'calls' as const,
    scope: `models.${name(index)}`,
    ceiling: 1,
    at: name(index),
  }));
  const calls = ids.flatMap((id): Entry[] =>
    id % 2 === 0
      ? [reserve(id, { model: `${id % 500}${name(id)}`, unbounded: name(id), outputBound: id }), settle(id)]
      : [refuse(id, { model: `${id % 500}${name(id)}` })],
  );
  const notices = ids.map((ms) => ({ event: 'notice', ms, code: 'unmetered', text: name(ms) }) as const);
  const markdown = renderMarkdown(buildReport([open({ limits, argv: ids.map(name) }), ...calls, ...notices]));
  expect(markdown.length).toBeLessThan(60_000);
  expect(markdown).toContain('480 more in report.json');
});

describe('outside text', () => {
  test.each([
    ['plain', '`plain`'],
    ['', '(none)'],
    ['\n\t ', '(none)'],
    ['a`b', '``a`b``'],
    ['`a`', '`` `a` ``'],
    ['``', '``` `` ```'],
    ['two\r\nlines', '`two lines`'],
    ['@octocat', '`@\u200Boctocat`'],
  ])('%j becomes %j as code', (text, expected) => {
    expect(code(text)).toBe(expected);
  });

  test('is cut to its length in characters, with an ellipsis', () => {
    expect(oneLine('😀'.repeat(61))).toBe(`${'😀'.repeat(59)}…`);
    expect(oneLine('x'.repeat(60))).toBe('x'.repeat(60));
  });

  test('keeps a backslash before a pipe from ending its cell', () => {
    expect(cellsOf(row([code('a\\|b'), 'c']))).toHaveLength(2);
  });

  test('stands right under a head that asks for it', () => {
    expect(table(['A', '>B'], [['x', '1']])).toEqual(['| A | B |', '| --- | --: |', '| x | 1 |']);
  });
});
