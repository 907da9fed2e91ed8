/** The events of test/fixtures/events, with the variables that the runner sets beside their payload. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type EventFixture =
  | 'pull_request'
  | 'pull_request.fork'
  | 'push'
  | 'schedule'
  | 'workflow_dispatch'
  | 'merge_group'
  | 'workflow_run'
  | 'issue_comment';

export interface RunnerEvent {
  readonly name: string;
  readonly payload: unknown;
  readonly variables: Readonly<Record<string, string>>;
}

interface Side {
  readonly ref: string;
  readonly sha: string;
}

interface Payload {
  readonly number?: number;
  readonly ref?: string;
  readonly after?: string;
  readonly pull_request?: { readonly head: Side; readonly base: Side; readonly merge_commit_sha: string };
  readonly merge_group?: { readonly head_sha: string; readonly head_ref: string };
}

const DIRECTORY = join(import.meta.dirname, '..', '..', 'fixtures', 'events');
/** The newest commit of the default branch, on which all other events run. */
const MAIN_SHA = 'b'.repeat(40);

export function readEventFixture(fixture: EventFixture): RunnerEvent {
  const payload = JSON.parse(readFileSync(join(DIRECTORY, `${fixture}.json`), 'utf8')) as Payload;
  const [name = ''] = fixture.split('.');
  return { name, payload, variables: variablesOf(payload) };
}

function variablesOf({ number, ref, after, pull_request: pull, merge_group: group }: Payload): Record<string, string> {
  if (pull) {
    const branches = { GITHUB_HEAD_REF: pull.head.ref, GITHUB_BASE_REF: pull.base.ref };
    return { ...branches, GITHUB_REF: `refs/pull/${number ?? 0}/merge`, GITHUB_SHA: pull.merge_commit_sha };
  }
  if (group) return { GITHUB_REF: group.head_ref, GITHUB_SHA: group.head_sha };
  return { GITHUB_REF: ref ?? 'refs/heads/main', GITHUB_SHA: after ?? MAIN_SHA };
}
