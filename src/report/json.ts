import type { CallUse, Report } from '../generated/report.generated.js';

/** Calls that are made into text at a time: about 100 KB of it. */
const CALLS_AT_ONCE = 100;

const BEFORE_CALLS = '\n  "calls": [';
const AFTER_CALLS = '\n  ]';

/** The report as JSON, indented, with a line end: in parts, since with many calls the whole would take much memory. */
export function* renderJson(report: Report): Generator<string> {
  // No JSON string contains a line end, so only the report's own list of calls matches.
  const [before = '', after = ''] = indented({ ...report, calls: [] }).split(`${BEFORE_CALLS}]`);
  yield `${before}${BEFORE_CALLS}`;
  for (let from = 0; from < report.calls.length; from += CALLS_AT_ONCE) {
    yield `${from === 0 ? '' : ','}${callTexts(report.calls.slice(from, from + CALLS_AT_ONCE))}`;
  }
  yield `${report.calls.length > 0 ? AFTER_CALLS : ']'}${after}\n`;
}

/** Some calls as they stand in the report, without the brackets around them. */
function callTexts(calls: readonly CallUse[]): string {
  return indented({ calls }).slice(`{${BEFORE_CALLS}`.length, -`${AFTER_CALLS}\n}`.length);
}

function indented(value: object): string {
  return JSON.stringify(value, null, 2);
}
