import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/domain/entry.js';
import { buildReport } from '../../src/report/build.js';
import { renderHtml } from '../../src/report/html/page.js';
import { DARK, LIGHT, styleSheet, type Palette } from '../../src/report/html/style.js';
import { hostile } from './hostile.js';
import { open, refuse, reserve, RUNS, settle } from './runs.js';
import { showcase } from './showcase.js';
import { said, sample } from '../support/sample.js';

const STRINGS = sample(1_000);

const PAGES = Object.entries({ ...RUNS, showcase: showcase(400) }).map(
  ([name, entries]) => [name, renderHtml(buildReport(entries))] as const,
);

describe('the page', () => {
  test.each(PAGES.filter(([name]) => ['exceeded', 'hostile', 'empty', 'cut-short'].includes(name)))(
    'of the %s run reads as it should',
    async (name, page) => {
      await expect(page).toMatchFileSnapshot(`../fixtures/reports/${name}.html`);
    },
  );

  test.each(PAGES)('of the %s run loads nothing from anywhere', (_name, page) => {
    const tags = (page.match(/<[a-z!][^>]*>/gi) ?? []).map((tag) => tag.replace(/="[^"]*"/g, '=')).join('');
    expect(tags).not.toMatch(/\s(?:src|href|srcset|action|xlink:href)=|<(?:link|iframe|img|object|base)\b/i);
    expect(styleSheet()).not.toMatch(/url\(|@import/);
    expect(page.match(/<script/g)).toHaveLength(1);
  });

  test.each(PAGES)(
    'of the %s run allows its own style and script by their digests, and nothing else',
    (_name, page) => {
      const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
      expect(policy).toMatch(/^default-src 'none'; /);
      for (const name of ['style', 'script']) {
        const text = new RegExp(`<${name}>([^]*?)</${name}>`).exec(page)?.[1] ?? '';
        expect(policy).toContain(`${name}-src 'sha256-${createHash('sha256').update(text).digest('base64')}'`);
      }
    },
  );

  test('of the busiest run stays below 3 MB', () => {
    const name = (index: number) => `${'<&"模'.repeat(60)}${index}`;
    const calls = Array.from({ length: 10_000 }, (_, id): Entry[] => [reserve(id, { model: name(id) }), settle(id)]);
    expect(Buffer.byteLength(renderHtml(buildReport([open(), ...calls.flat()])))).toBeLessThan(3_000_000);
  });
});

describe('a reader who does not see the page as others do', () => {
  test.each(PAGES)('of the %s run finds a heading, a language and a title', (_name, page) => {
    expect(page.match(/<h1>/g)).toHaveLength(1);
    expect(page).toContain('<html lang="en">');
    expect(page).toMatch(/<title>\w[^<]+ – Token Budget<\/title>/);
  });

  test.each(PAGES)(
    'of the %s run is told what each drawing shows, or that the text beside it says it',
    (_name, page) => {
      const drawings = page.match(/<svg[^>]*>/g) ?? [];
      expect(drawings.filter((tag) => !/aria-hidden="true"|role="img"[^>]* aria-label="[^"]{15,}"/.test(tag))).toEqual(
        [],
      );
    },
  );

  test.each(PAGES)('of the %s run has a caption for each table and a scope for each of its heads', (_name, page) => {
    const tables = page.match(/<table[^]*?<\/table>/g) ?? [];
    expect(tables.length).toBeGreaterThan(0);
    for (const table of tables) {
      expect(table).toMatch(/<caption>\s*\S/);
      const heads = table.match(/<th\b[^>]*>/g) ?? [];
      expect(heads.filter((head) => !/scope="(?:col|row)"/.test(head))).toEqual([]);
      expect(table).not.toMatch(/<th\b[^>]*>\s*<\/th>/);
    }
  });

  test.each([
    ['light', LIGHT],
    ['dark', DARK],
  ] as const)('has enough contrast in %s: 4.5 to 1 for text, 3 to 1 for what is drawn', (_name, palette) => {
    const { page, card, track, upon } = palette;
    const pairs = (names: readonly (keyof Palette)[], upons: readonly string[], least: number) =>
      names.flatMap((name) => upons.map((under) => [name, under, contrast(palette[name], under), least] as const));
    const all = [
      ...pairs(['text', 'muted', 'good', 'warning', 'bad'], [card], 4.5),
      ...pairs(['text', 'muted'], [page], 4.5),
      ...pairs(['good', 'warning', 'bad'], [upon], 4.5),
      ...pairs(['first', 'second'], [card, track], 3),
      ...pairs(['good', 'warning', 'bad'], [track], 3),
    ];
    expect(all.filter(([, , found, least]) => found < least)).toEqual([]);
  });

  test('on paper gets the light palette and no colour scheme of the screen', () => {
    expect(styleSheet()).toContain('@media screen and (prefers-color-scheme:dark)');
    expect(styleSheet()).toContain('@media print{');
  });
});

test(`${said(STRINGS)} hostile strings, wherever a report has a name, add no tag and no attribute to its page`, () => {
  const pageWith = (text: string) =>
    renderHtml(
      buildReport([
        open({
          argv: [text],
          policy: { file: text, hash: text },
          prices: { source: text, date: text },
          tool: text,
          limits: [{ dimension: 'tokens', scope: `models.${text}`, ceiling: 5, at: text }],
        }),
        reserve(1, { model: text, provider: text, host: text, unbounded: `x${text}`, rate: 'none' }),
        settle(1, { model: `a${text}` }),
        refuse(2, { model: `m${text}`, limit: { dimension: 'tokens', scope: `models.${text}` } }),
        { event: 'notice', ms: 3, code: 'unmetered', text },
      ]),
    );
  // A tag with its attributes, their values left out: lengths of names move what is drawn.
  const tagsOf = (page: string) => (page.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/="[^"]*"/g, '='));
  const plain = tagsOf(pageWith('*m'));
  fc.assert(
    // A star matches every model, so that all reports have the same tables.
    fc.property(hostile, (text) => {
      expect(tagsOf(pageWith(`*${text}`))).toEqual(plain);
    }),
    { numRuns: STRINGS },
  );
});

/** The browsers of this machine, by the names that they have on Debian and on GitHub's runners. */
const BROWSERS = ['chromium', 'google-chrome', 'chromium-browser'].flatMap((name) => {
  const files = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  return files.filter((file) => existsSync(file)).slice(0, 1);
});

test.each(BROWSERS)('%s sorts the table of calls by the head that is pressed, numbers as numbers', (browser) => {
  const page = renderHtml(buildReport(showcase(40)));
  const press = `<script>for (const n of [7, 7, 8]) document.querySelectorAll('table[data-sortable] th button')[n].click()</script>`;
  const file = join(mkdtempSync(join(tmpdir(), 'tb-page-')), 'report.html');
  // The page's own policy allows no script but its own.
  writeFileSync(file, page.replace(/<meta http-equiv[^>]*>/, '').replace('</body>', `${press}</body>`));
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--dump-dom', `file://${file}`];
  const shown = execFileSync(browser, flags, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 60_000,
  });
  const calls = /<table data-sortable[^]*?<\/table>/.exec(shown)?.[0] ?? '';
  expect(calls.match(/aria-sort="(\w+)"/g)).toEqual(['aria-sort="descending"']);
  const times = [...calls.matchAll(/<tr>[^]*?<\/tr>/g)].flatMap(([line]) => {
    const values = [...line.matchAll(/data-v="(\d*)"/g)].map(([, value]) => Number(value));
    return values.length === 2 ? [values[1] ?? 0] : [];
  });
  expect(times.length).toBe(40);
  expect(times).toEqual(times.toSorted((a, b) => b - a));
});

/** The contrast of two colours as WCAG 2 defines it, from 1 to 21. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
