import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { buildReport } from '../../src/report/build.js';
import { renderJson } from '../../src/report/json.js';
import { renderMarkdown } from '../../src/report/markdown.js';
import { renderTerminal } from '../../src/report/terminal.js';
import { RUNS } from './runs.js';

const schema = JSON.parse(readFileSync('schema/report.schema.json', 'utf8')) as object;
const isReport = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);
const golden = (name: string): string => `../fixtures/reports/${name}`;

/** What readers of report.json may rely on, by the place of the object that has it. */
const CONTRACT: readonly (readonly [place: string, names: string])[] = [
  ['', 'schema_version verdict totals limits models calls unpriced unbounded command prices'],
  ['totals', 'calls refused input_tokens output_tokens total_tokens cache_read_tokens cache_write_tokens'],
  ['totals', 'reasoning_tokens cost_usd cost_nano_usd'],
  ['limits.0', 'dimension scope ceiling used remaining exceeded'],
  ['calls.0', 'provider model dialect outcome reason usage usage_source cost_nano_usd started_at duration_ms'],
  ['command', 'argv exit_code signal duration_ms'],
  ['prices', 'source date'],
];

test.each(CONTRACT.flatMap(([place, names]) => names.split(' ').map((name) => [place, name] as const)))(
  'a report.json without "%s" %s breaks its schema',
  (place, name) => {
    const whole: object = structuredClone(buildReport(RUNS.exceeded ?? []));
    expect(isReport(whole)).toBe(true);
    const holder = place.split('.').reduce((at, key) => (key === '' ? at : (Reflect.get(at, key) as object)), whole);
    expect(Reflect.deleteProperty(holder, name)).toBe(true);
    expect(isReport(whole)).toBe(false);
  },
);

describe.each(Object.entries(RUNS))('the %s run', (name, entries) => {
  const report = buildReport(entries);

  test('has a report.json that keeps to its schema', async () => {
    expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
    await expect([...renderJson(report)].join('')).toMatchFileSnapshot(golden(`${name}.json`));
  });

  test('reads as Markdown as it should', async () => {
    await expect(renderMarkdown(report)).toMatchFileSnapshot(golden(`${name}.md`));
  });

  test('reads in a terminal as it should, in at most 15 lines of plain text', async () => {
    const text = renderTerminal(report, { color: false, reportDir: 'token-budget-report' });
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    expect(text).not.toMatch(/[^\P{C}\n]/u);
    await expect(text).toMatchFileSnapshot(golden(`${name}.txt`));
  });
});
