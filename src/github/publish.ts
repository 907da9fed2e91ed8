/**
 * What a run publishes on GitHub, the most important first: outputs, the job summary, the pull request comment. None of
 * it changes a verdict.
 */
import type { Report } from '../generated/report.generated.js';
import type { EventContext } from './event.js';
import { renderComment, renderSummary, type CommentExtras } from '../report/comment.js';
import type { Compared } from '../report/compare.js';
import { numbersOf, type RunNumbers } from '../report/run-numbers.js';
import type { Connection } from './client.js';
import type { CommentChoices } from './comment-choices.js';
import { publishComment, type CommentOutcome } from './comment.js';
import { baseNumbers, previousNumbers, type Found } from './history.js';
import { commentKey, type Identity } from './marker.js';
import { pullOfCommit } from './pulls.js';

/** All that publishing needs to know. */
export interface Publication {
  readonly report: Report;
  readonly options: CommentChoices;
  readonly event: EventContext;
  /** Sentences for the top of the comment: a changed policy. */
  readonly notices: readonly string[];
  /** The run failed: over budget, or by its command. */
  readonly failed: boolean;
  /** For one look-up or the comment with all its retries, in ms. */
  readonly deadlineMs?: number;
  /** Takes the texts as soon as they stand, before the comment is tried: that may take long, and be cut short. */
  readonly written: (texts: Texts) => void;
}

/** The summary and the comment as Markdown. */
export interface Texts {
  readonly summary: string;
  readonly body: string;
}

/** What was published. */
export interface Published {
  readonly comment: CommentOutcome;
  /** Why there was nothing to compare with, for the log. */
  readonly remarks: readonly string[];
}

/** Compares with earlier runs, renders, and writes the comment. Never rejects. */
export async function publish(publication: Publication): Promise<Published> {
  const { report, options, event, notices, deadlineMs } = publication;
  const connection = {
    token: options.token,
    apiUrl: event.apiUrl,
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  };
  const identity = identityOf(publication);
  const number = await pullNumber(connection, publication);
  const [base, previous] = await earlier(connection, publication, identity, number);
  const extras: CommentExtras = {
    runUrl: event.runUrl,
    notices,
    ...comparedAs('base', base),
    ...comparedAs('previous', previous),
  };
  const body = renderComment(report, extras);
  publication.written({ summary: renderSummary(report, extras), body });
  const skip = reasonToSkip(publication, number, previous);
  const numbers = numbersOf(report, event.sha);
  const comment: CommentOutcome =
    skip === undefined && number !== undefined
      ? await publishComment({
          connection,
          pull: { ...repoOf(event), number },
          mode: options.comment,
          identity,
          body,
          shorter: () => renderComment(report, { ...extras, maxLength: 20_000 }),
          numbers,
        })
      : { action: 'skipped', id: null, ...(skip === undefined ? {} : { notice: skip }) };
  const remarks = [base, previous].flatMap((found) => (found && !found.found ? [found.reason] : []));
  return { comment, remarks };
}

function identityOf({ report, options, event }: Publication): Identity {
  const { workflow, job, runId, attempt, sha } = event;
  const key = options.commentKey || commentKey({ workflow, job, policy: report.policy.file, matrix: options.matrix });
  return { key, run: runId, attempt, sha };
}

function repoOf({ owner, repo }: EventContext): { owner: string; repo: string } {
  return { owner, repo };
}

async function pullNumber(connection: Connection, { options, event }: Publication): Promise<number | undefined> {
  const named = options.prNumber ?? event.pr?.number;
  if (named !== undefined || options.token === '' || event.eventName !== 'push') return named;
  return pullOfCommit(connection, repoOf(event), event.sha);
}

type Earlier = readonly [base: Found | undefined, previous: Found | undefined];

async function earlier(
  connection: Connection,
  { options, event }: Publication,
  identity: Identity,
  number: number | undefined,
): Promise<Earlier> {
  if (options.token === '' || number === undefined) return [undefined, undefined];
  const repo = repoOf(event);
  const query = {
    connection,
    repo,
    key: identity.key,
    baseSha: event.pr?.baseSha ?? '',
    baseRef: event.pr?.baseRef ?? event.defaultBranch,
    workflow: event.workflowFile,
    artifactName: 'token-budget-report',
  };
  return Promise.all([baseNumbers(query), previousNumbers({ connection, pull: { ...repo, number }, identity })]);
}

function comparedAs(
  name: 'base' | 'previous',
  found: Found | undefined,
): Partial<Record<'base' | 'previous', Compared>> {
  return found?.found ? { [name]: { label: found.source, numbers: found.numbers } } : {};
}

/** Why no comment is written, in a sentence; undefined where one is. */
function reasonToSkip(
  { report, options, event, failed }: Publication,
  number: number | undefined,
  previous: Found | undefined,
) {
  if (options.comment === 'off') return 'No comment: the input `comment` is `off`.';
  if (number === undefined)
    return `No comment: the event ${event.eventName} has no pull request. Set the input pr-number to name one.`;
  if (options.token === '') return 'No comment: the input github-token is empty.';
  if (event.pr?.fork) {
    return 'No comment: on pull requests from forks the token is read-only. The output comment-body has the text.';
  }
  if (options.commentWhen === 'on-exceed' && report.verdict === 'within')
    return 'No comment: the run stayed within its budget.';
  if (options.commentWhen === 'on-failure' && !failed) return 'No comment: the run did not fail.';
  const same = previous?.found && sameNumbers(previous.numbers, numbersOf(report));
  return options.commentWhen === 'on-change' && same
    ? 'No comment: the numbers have not changed since the previous run.'
    : undefined;
}

function sameNumbers(a: RunNumbers, b: RunNumbers): boolean {
  const fields = ['verdict', 'input', 'output', 'calls', 'refused', 'cost_nano_usd'] as const;
  return fields.every((field) => a[field] === b[field]);
}
