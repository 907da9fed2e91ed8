/** What the golden comments are compared with, and what else stands in them, by the name of the run. */
import { buildReport } from '../../src/report/build.js';
import type { CommentExtras } from '../../src/report/comment.js';
import type { Compared } from '../../src/report/compare.js';
import { numbersOf } from '../../src/report/run-numbers.js';
import { open, reserve, RUNS, settle } from './runs.js';
import { showcase } from './showcase.js';

const within = RUNS.within ?? [];

const earlier = (label: string, entries: Parameters<typeof buildReport>[0], sha: string): Compared => ({
  label,
  numbers: numbersOf(buildReport(entries), sha.padEnd(40, '0')),
});

/** The base made the first 36 calls of the same run, two days before. */
const base = earlier('main at 3f2c1a9', [open({ at: '2026-11-01T08:00:00.000Z' }), ...within.slice(1, 73)], '3f2c1a9');
const previous = earlier('run 41 at 77e0b1d', within, '77e0b1d');
const stopped = earlier('run 40 at 0c55aa1', RUNS.exceeded ?? [], '0c55aa1');
const other = earlier('main at 3f2c1a9', [open(), reserve(1, { model: 'gpt-3.5-turbo' }), settle(1)], '3f2c1a9');

const runUrl = 'https://github.com/octo/evals/actions/runs/1234567';

export const COMPARED: Readonly<Record<string, CommentExtras>> = {
  showcase: {
    base: earlier('main at 3f2c1a9', showcase(180, 7, '2026-11-01T08:00:00.000Z'), '3f2c1a9'),
    previous: earlier('run 41 at 77e0b1d', showcase(224, 9), '77e0b1d'),
    runUrl,
    reportUrl: `${runUrl}/artifacts/99`,
  },
  within: { base, previous, runUrl, reportUrl: `${runUrl}/artifacts/99` },
  exceeded: {
    base,
    runUrl,
    notices: ['This pull request changes `token-budget.yml`: the limit of tokens goes from 30,000 to 50,000.'],
  },
  warn: { previous: stopped, runUrl },
  'cut-short': { base: other, runUrl },
};
