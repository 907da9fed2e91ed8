import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/domain/entry.js';
import { buildReport } from '../../src/report/build.js';
import { renderComment, renderSummary } from '../../src/report/comment.js';
import { code, link, sentence } from '../../src/report/escape.js';
import { numbersOf } from '../../src/report/run-numbers.js';
import { COMPARED } from './compared.js';
import { hostile } from './hostile.js';
import { LIMITS, open, refuse, reserve, RUNS, settle } from './runs.js';
import { showcase } from './showcase.js';
import { sample } from '../support/sample.js';

const golden = (name: string): string => `../fixtures/reports/${name}.comment.md`;
const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

test.each(Object.entries(RUNS))('the comment on the %s run reads as it should', async (name, entries) => {
  await expect(renderComment(buildReport(entries), COMPARED[name])).toMatchFileSnapshot(golden(name));
});

test('the comment on a run like a real one reads as it should, and says the verdict and the numbers first', async () => {
  const comment = renderComment(buildReport(showcase(210)), COMPARED.showcase);
  expect(firstLine(comment)).toBe('### ✅ Within budget: 186,022 of 250,000 tokens · $0.54 of $1.50 · 206 calls');
  await expect(comment).toMatchFileSnapshot(golden('showcase'));
});

test.each(['exceeded', 'cut-short', 'hostile'])('the summary of the %s run reads as it should', async (name) => {
  const summary = renderSummary(buildReport(RUNS[name] ?? []), COMPARED[name]);
  await expect(summary).toMatchFileSnapshot(`../fixtures/reports/${name}.summary.md`);
});

test('the summary is the comment with more rows', () => {
  const report = buildReport(showcase(210));
  const rows = (text: string): number => text.split('\n').filter((line) => line.startsWith('|')).length;
  expect(firstLine(renderSummary(report))).toBe(firstLine(renderComment(report)));
  expect(rows(renderSummary(report)) - rows(renderComment(report))).toBe(90);
});

/** The busiest run: every name is long and hostile, and every table has more rows than it can show. */
function busiest(): Entry[] {
  const name = (index: number): string => `${'@<[]|`模'.repeat(40)}${index}`;
  const ids = Array.from({ length: 1000 }, (_, index) => index);
  const limits = ids.slice(0, 250).map((index) => ({
    dimension: 'calls' as const,
    scope: `models.${name(index)}`,
    ceiling: 1,
    at: name(index),
  }));
  const calls = ids.flatMap((id): Entry[] =>
    id % 2 === 0
      ? [reserve(id, { model: `${id % 250}${name(id)}`, unbounded: name(id), outputBound: id }), settle(id)]
      : [refuse(id, { model: `${id % 250}${name(id)}` })],
  );
  return [open({ limits: [...LIMITS, ...limits], argv: ids.map(name) }), ...calls];
}

describe('the length of a text', () => {
  const report = buildReport(busiest());
  const other = { label: '@<[]|`'.repeat(99), numbers: numbersOf(report) };
  const notices = Array.from({ length: 99 }, () => '@<模'.repeat(400));
  const extras = { base: other, previous: other, notices, runUrl: `https://x.example/?${'é'.repeat(400)}` };

  test('is bounded for the busiest run, which loses details and says so, but never its verdict', () => {
    const comment = renderComment(report, extras);
    expect(comment.length).toBeLessThanOrEqual(60_000);
    expect(firstLine(comment)).toMatch(/^### ❌ Over budget: 500 of 1,000 calls refused · /);
    expect(comment).toContain('more in report.json');
    const summary = renderSummary(report, extras);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_000_000);
    expect(summary.length).toBeGreaterThan(comment.length);
  });

  test('keeps to any bound, and holds the verdict as long as there is room for it', () => {
    const verdict = firstLine(renderComment(report));
    let before = 0;
    for (const maxLength of [0, 1, 80, verdict.length, 500, 3000, 20_000, 60_000]) {
      const comment = renderComment(report, { ...extras, maxLength });
      expect(comment.length).toBeLessThanOrEqual(maxLength);
      expect(comment.length).toBeGreaterThanOrEqual(before);
      expect(comment.startsWith(verdict.slice(0, maxLength))).toBe(true);
      before = comment.length;
      const summary = renderSummary(report, { ...extras, maxLength });
      expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(maxLength);
    }
  });

  test('leaves out the chart and the single calls before any limit of a small run', () => {
    const small = buildReport(showcase(210));
    const whole = renderComment(small, COMPARED.showcase);
    const shorter = renderComment(small, { ...COMPARED.showcase, maxLength: whole.length - 1 });
    expect(shorter).not.toContain('Costliest calls');
    expect(shorter).toContain('mermaid');
    expect(shorter).toContain('Shortened to fit');
    const shortest = renderComment(small, { ...COMPARED.showcase, maxLength: shorter.length - 1 });
    expect(shortest).not.toContain('mermaid');
    expect(shortest).toContain('Cost of `gpt-4o*`');
  });
});

test('hostile names, labels, addresses and notices leave the shape of a comment as it is', () => {
  const textWith = (text: string): string => {
    const report = buildReport([
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
    const gone = buildReport([open(), reserve(1, { model: `gone${text}` }), settle(1)]);
    const base = { label: text, numbers: numbersOf(gone, text) };
    return renderComment(report, { base, runUrl: `https://x.example/${text}`, notices: [`Changed: ${code(text)}`] });
  };
  const shapeOf = (text: string): string[] =>
    text
      .split('\n')
      .map((line) => (line.startsWith('|') ? String(line.split(/(?<!\\)(?:\\\\)*\|/).length) : line.slice(0, 3)));
  fc.assert(
    fc.property(hostile, (text) => {
      // A star matches every model, so that all reports have the same lines.
      const comment = textWith(`*${text}`);
      expect(shapeOf(comment)).toEqual(shapeOf(textWith('*m')));
      const withoutLink = comment.replace(/\[this run\]\(https:\/\/x\.example\/[\w:/?&=%.,;~+#-]*\)/, '');
      expect(withoutLink).not.toMatch(/@[\w-]|<!--|<script|\]\(/i);
      const [colours, ...chart] = (comment.split('```mermaid\n')[1]?.split('```')[0] ?? '').split('\n');
      expect(colours).toMatch(/^%%\{init: \{[\w":#{ ]+\}+%%$/);
      expect(chart.join('\n')).toMatch(/^[\w\s":$.,;[\]>-]+$/);
    }),
    { numRuns: sample(1_000) },
  );
});

describe('a sentence for a comment', () => {
  test('stays on its line and neither mentions anybody nor opens a tag', () => {
    expect(sentence('a\r\nb @octocat <img> `@\u200Bx`')).toBe('a b @\u200Boctocat <\u200Bimg> `@\u200Bx`');
    expect(sentence('x'.repeat(700))).toHaveLength(600);
  });

  test('stands as an alert above the numbers', () => {
    const lines = renderComment(buildReport([open()]), { notices: ['One.', 'Two.'] }).split('\n');
    expect(lines.slice(4, 8)).toEqual(['> [!IMPORTANT]', '> One.', '>', '> Two.']);
  });
});

test.each([
  ['https://github.com/o/r/actions/runs/1', '[run](https://github.com/o/r/actions/runs/1)'],
  ['https://ghe.example/a b?c=(d)', '[run](https://ghe.example/a%20b?c=%28d%29)'],
  ['javascript:alert(1)', 'run'],
  ['not an address', 'run'],
  ['', 'run'],
  [`https://x.example/${'a'.repeat(600)}`, 'run'],
])('the address %s makes %s', (address, text) => {
  expect(link('run', address)).toBe(text);
});
