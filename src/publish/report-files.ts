import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../domain/report.generated.js';
import { renderHtml } from '../report/html/page.js';
import { renderMarkdown } from '../report/markdown.js';

/** Writes `report.json`, `report.md` and `report.html`; a reader never sees half a file. */
export function writeReport(report: Report, directory: string): void {
  write(join(directory, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  write(join(directory, 'report.md'), renderMarkdown(report));
  write(join(directory, 'report.html'), renderHtml(report));
}

function write(file: string, text: string): void {
  const unfinished = `${file}.tmp`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, file);
}
