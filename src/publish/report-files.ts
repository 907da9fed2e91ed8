import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../domain/report.generated.js';
import { renderMarkdown } from '../report/markdown.js';

/** Writes `report.json` and `report.md`; a reader never sees half a file. */
export function writeReport(report: Report, directory: string): void {
  write(join(directory, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  write(join(directory, 'report.md'), renderMarkdown(report));
}

function write(file: string, text: string): void {
  const unfinished = `${file}.tmp`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, file);
}
