import type { CallUse, Report } from '../domain/report.generated.js';

/** Calls that are made into text at a time: about 100 KB of it. */
const CALLS_AT_ONCE = 100;

const NO_CALLS = '\n  "calls": []';

/** The report as JSON, indented, with a line end: in parts, since with many calls the whole would take much memory. */
export function* renderJson(report: Report): Generator<string> {
  // No string in JSON holds a line end, so that only the report's own calls stand like this.
  const [before = '', after = ''] = JSON.stringify({ ...report, calls: [] }, null, 2).split(NO_CALLS);
  yield `${before}\n  "calls": [`;
  for (let from = 0; from < report.calls.length; from += CALLS_AT_ONCE) {
    const calls = report.calls.slice(from, from + CALLS_AT_ONCE).map(callText);
    yield `${from === 0 ? '' : ','}${calls.join(',')}`;
  }
  yield `${report.calls.length > 0 ? '\n  ' : ''}]${after}\n`;
}

function callText(call: CallUse): string {
  return `\n${JSON.stringify(call, null, 2)}`.replaceAll('\n', '\n    ');
}
