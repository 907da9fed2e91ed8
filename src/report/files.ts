import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../generated/report.generated.js';
import { causeWords } from '../lib/system-error.js';
import { renderHtml } from './html/page.js';
import { renderJson } from './json.js';
import { renderMarkdown } from './markdown.js';

/**
 * Writes `report.json`, `report.md` and `report.html`; a reader never sees half a file. Each is tried by itself: where
 * there is no room for one, there may be for another.
 * @returns why they could not all be written, with what and where; undefined where they were
 */
export function writeReport(report: Report, directory: string): string | undefined {
  const files: readonly (readonly [string, () => Iterable<string>])[] = [
    ['report.json', () => renderJson(report)],
    ['report.md', () => [renderMarkdown(report)]],
    ['report.html', () => [renderHtml(report)]],
  ];
  const failures = files.flatMap(([name, render]) => {
    const cause = write(join(directory, name), render);
    return cause === undefined ? [] : [{ name, cause }];
  });
  const [first] = failures;
  if (!first) return undefined;
  const names = failures.map(({ name }) => name).join(', ');
  return `could not write ${names} in ${directory}: ${first.cause}. The numbers above are complete`;
}

function write(file: string, render: () => Iterable<string>): string | undefined {
  const unfinished = `${file}.tmp`;
  try {
    const fd = openSync(unfinished, 'w');
    try {
      for (const text of render()) writeFileSync(fd, text);
    } finally {
      closeSync(fd);
    }
    renameSync(unfinished, file);
    return undefined;
  } catch (error) {
    forget(unfinished);
    return causeWords(error);
  }
}

/** A part of a file would take the room of another that fits. */
function forget(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It is in the way of nothing but itself.
  }
}
