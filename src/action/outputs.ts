import type { Report } from '../generated/report.generated.js';

/** Names of the files that a report leaves in its directory. */
export interface ReportPaths {
  readonly json: string;
  readonly html: string;
}

/** The action's outputs that the report alone decides. Numbers are plain digits, so that a workflow can compute with them. */
export function outputsOf(report: Report, paths: ReportPaths): Readonly<Record<string, string>> {
  const { totals, verdict, limits, command } = report;
  const tokens = limits.find(({ dimension, scope }) => dimension === 'tokens' && scope === 'run');
  return {
    verdict,
    exceeded: String(verdict === 'exceeded'),
    'tokens-used': String(totals.total_tokens),
    'input-tokens': String(totals.input_tokens),
    'output-tokens': String(totals.output_tokens),
    'tokens-remaining': tokens ? String(tokens.remaining) : '',
    calls: String(totals.calls),
    'refused-calls': String(totals.refused),
    'cost-usd': totals.cost_usd,
    'report-path': paths.json,
    'html-report-path': paths.html,
    'command-exit-code': command.exit_code === null ? '' : String(command.exit_code),
  };
}
