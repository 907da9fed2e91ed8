import { closeSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../domain/report.generated.js';
import { renderHtml } from '../report/html/page.js';
import { renderJson } from '../report/json.js';
import { renderMarkdown } from '../report/markdown.js';

/** Writes `report.json`, `report.md` and `report.html`; a reader never sees half a file. */
export function writeReport(report: Report, directory: string): void {
  write(join(directory, 'report.json'), renderJson(report));
  write(join(directory, 'report.md'), [renderMarkdown(report)]);
  write(join(directory, 'report.html'), [renderHtml(report)]);
}

function write(file: string, texts: Iterable<string>): void {
  const unfinished = `${file}.tmp`;
  const fd = openSync(unfinished, 'w');
  try {
    for (const text of texts) writeFileSync(fd, text);
  } finally {
    closeSync(fd);
  }
  renameSync(unfinished, file);
}
