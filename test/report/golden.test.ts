import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { buildReport } from '../../src/report/build.js';
import { renderMarkdown } from '../../src/report/markdown.js';
import { renderTerminal } from '../../src/report/terminal.js';
import { RUNS } from './runs.js';

const schema = JSON.parse(readFileSync('schema/report.schema.json', 'utf8')) as object;
const isReport = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);
const golden = (name: string): string => `../fixtures/reports/${name}`;

describe.each(Object.entries(RUNS))('the %s run', (name, entries) => {
  const report = buildReport(entries);

  test('has a report.json that keeps to its schema', async () => {
    expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
    await expect(`${JSON.stringify(report, null, 2)}\n`).toMatchFileSnapshot(golden(`${name}.json`));
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
