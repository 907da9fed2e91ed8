/**
 * The report that an earlier run of the workflow left as an artifact. Only runs of the repository's own branches count:
 * a pull request from a fork may run the same workflow on a branch that is called `main` too.
 */
import { defaults } from '@actions/github/lib/utils';
import { parseReportNumbers, type RunNumbers } from '../report/run-numbers.js';
import type { Client, RepoName } from './client.js';
import { readZipEntry, ZipError } from './zip.js';

/** Which runs to look at. */
export interface RunQuery {
  readonly repo: RepoName;
  /** File name of the workflow: `evals.yml`. */
  readonly workflow: string;
  readonly artifactName: string;
  /** The commit that they ran on, or the branch. */
  readonly of: { readonly sha: string } | { readonly branch: string };
}

/** Numbers from an artifact, and the run that left it. */
export interface ArtifactNumbers {
  readonly numbers: RunNumbers;
  readonly run: number;
  readonly url: string;
  readonly sha: string;
}

const REPORT = 'report.json';
/** A report of 10,000 calls has about 7 MB, and 300 KB packed. */
const MOST_PACKED = 8 * 2 ** 20;
const MOST_UNPACKED = 48 * 2 ** 20;
/** Runs that are looked at for the artifact, newest first: a run may have left none. */
const MOST_RUNS = 5;
/** Events whose runs are of the repository's own code, and not of a proposed change. */
const FOREIGN_EVENTS = new Set(['pull_request', 'pull_request_target', 'merge_group', 'workflow_run', 'issue_comment']);

/** The numbers of the newest successful run that left the artifact. Rejects where GitHub refuses. */
export async function artifactNumbers(client: Client, query: RunQuery): Promise<ArtifactNumbers | undefined> {
  for (const run of await runsOf(client, query)) {
    const id = await artifactOf(client, query, run.id);
    if (id === undefined) continue;
    const numbers = numbersIn(await download(client, query.repo, id), run.head_sha);
    if (numbers) return { numbers, run: run.id, url: run.html_url, sha: run.head_sha };
  }
  return undefined;
}

/** Undefined where the archive or the report in it is not what it must be: an older run may have a sound one. */
function numbersIn(zip: Buffer, sha: string): RunNumbers | undefined {
  try {
    const report = readZipEntry(zip, REPORT, MOST_UNPACKED);
    return report && parseReportNumbers(report.toString('utf8'), sha);
  } catch (error) {
    if (error instanceof ZipError) return undefined;
    throw error;
  }
}

async function runsOf({ octokit }: Client, { repo, workflow, of }: RunQuery) {
  const { data } = await octokit.rest.actions.listWorkflowRuns({
    ...repo,
    workflow_id: workflow,
    status: 'success',
    ...('sha' in of ? { head_sha: of.sha } : { branch: of.branch }),
    exclude_pull_requests: true,
    per_page: 30,
  });
  return data.workflow_runs
    .filter((run) => !FOREIGN_EVENTS.has(run.event) && (run.head_repository as object | null) !== null)
    .filter((run) => run.head_repository.id === run.repository.id)
    .slice(0, MOST_RUNS);
}

async function artifactOf({ octokit }: Client, { repo, artifactName }: RunQuery, run: number) {
  const { data } = await octokit.rest.actions.listWorkflowRunArtifacts({ ...repo, run_id: run, name: artifactName });
  const fits = (size: number) => size <= MOST_PACKED;
  return data.artifacts.find((each) => each.name === artifactName && !each.expired && fits(each.size_in_bytes))?.id;
}

/** From GitHub's store: an address on another host that carries its own signature, so it gets no token of ours. */
async function download(client: Client, repo: RepoName, id: number): Promise<Buffer> {
  const answer = await client.octokit.request(
    'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}',
    {
      ...repo,
      artifact_id: id,
      archive_format: 'zip',
      request: { redirect: 'manual' },
    },
  );
  const address = new URL(answer.headers.location ?? '', answer.url);
  if (address.protocol !== 'https:' && address.hostname !== '127.0.0.1') throw new Error('no https address');
  const fetch = defaults.request?.fetch as typeof globalThis.fetch;
  const response = await fetch(address, { redirect: 'error', signal: client.deadline.signal });
  if (!response.ok || !response.body) throw new Error(`the store answered ${response.status}`);
  return capped(response.body);
}

async function capped(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MOST_PACKED) throw new Error(`the artifact is larger than ${MOST_PACKED} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
