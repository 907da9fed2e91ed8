/** What the stand-in does for each operation of GitHub's description. */
import { failed, gone, locked, notAccessible, notFound, page, tooLong, type Answer } from './answers.js';
import { sample, type Json } from './contract.js';
import { artifactShape, commentShape, pullShape, repositoryShape, runShape, userShape } from './shapes.js';
import { addComment, type Pull, type World } from './world.js';

export interface Asked {
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
}

type Operation = (world: World, asked: Asked) => Answer;

const LONGEST_BODY = 65_536;
const COMMENTING = 'issues=write; pull_requests=write';

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'issues/list-comments': (world, asked) => {
    const pull = pullAt(world, asked);
    if (!pull || world.permissions.pull_requests === 'none') return notFound();
    if (pull.gone) return gone();
    const comments = world.comments.filter(({ issue }) => issue === pull.number);
    return listed(
      asked,
      comments.map((comment) => commentShape(world, comment)),
    );
  },
  'issues/create-comment': (world, asked) => {
    const pull = pullAt(world, asked);
    if (!pull) return notFound();
    if (pull.gone) return gone();
    if (world.permissions.pull_requests !== 'write') return notAccessible(COMMENTING);
    if (pull.locked) return locked();
    const body = bodyIn(asked);
    if (body.length > LONGEST_BODY) return tooLong();
    return { status: 201, body: commentShape(world, addComment(world, pull.number, body)) };
  },
  'issues/get-comment': (world, asked) => {
    const comment = commentAt(world, asked);
    return comment ? { status: 200, body: commentShape(world, comment) } : notFound();
  },
  'issues/update-comment': (world, asked) => {
    const comment = commentAt(world, asked);
    if (!comment) return notFound();
    if (world.permissions.pull_requests !== 'write') return notAccessible(COMMENTING);
    const body = bodyIn(asked);
    if (body.length > LONGEST_BODY) return tooLong();
    comment.body = body;
    comment.updated_at = new Date(Date.parse(comment.updated_at) + 60_000).toISOString().replace('.000', '');
    return { status: 200, body: commentShape(world, comment) };
  },
  'issues/delete-comment': (world, asked) => {
    const comment = commentAt(world, asked);
    if (!comment) return notFound();
    if (world.permissions.pull_requests !== 'write') return notAccessible(COMMENTING);
    world.comments.splice(world.comments.indexOf(comment), 1);
    return { status: 204 };
  },
  'pulls/get': (world, asked) => {
    const pull = pullAt(world, asked);
    return pull ? { status: 200, body: pullShape(world, 'pull-request', pull) } : notFound();
  },
  'pulls/list': (world, asked) => {
    const { base, state = 'open' } = queryIn(asked);
    const fits = (pull: Pull) => (state === 'all' || pull.state === state) && (base ?? pull.base.ref) === pull.base.ref;
    const pulls = world.pulls.filter(fits).sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1));
    return listed(
      asked,
      pulls.map((pull) => pullShape(world, 'pull-request-simple', pull)),
    );
  },
  'repos/list-pull-requests-associated-with-commit': (world, asked) => {
    const sha = asked.params.commit_sha;
    const pulls = world.pulls.filter((pull) => [pull.merge_commit_sha, pull.head.sha].includes(sha ?? ''));
    return listed(
      asked,
      pulls.map((pull) => pullShape(world, 'pull-request-simple', pull)),
    );
  },
  'actions/list-workflow-runs': (world, asked) => {
    if (world.permissions.actions === 'none') return notAccessible('actions=read');
    const { branch, status, head_sha } = queryIn(asked);
    const ofWorkflow = world.runs.filter((run) => run.workflow === asked.params.workflow_id);
    const runs = ofWorkflow
      .filter((run) => (branch ?? run.head_branch) === run.head_branch && (status ?? run.conclusion) === run.conclusion)
      .filter((run) => (head_sha ?? run.head_sha) === run.head_sha)
      .sort((a, b) => b.id - a.id)
      .map((run) => runShape(world, run));
    return counted(asked, 'workflow_runs', runs);
  },
  'actions/get-workflow-run': (world, asked) => {
    const run = world.runs.find(({ id }) => id === Number(asked.params.run_id));
    return run ? { status: 200, body: runShape(world, run) } : notFound();
  },
  'actions/list-workflow-run-artifacts': (world, asked) => {
    if (world.permissions.actions === 'none') return notAccessible('actions=read');
    const { name } = queryIn(asked);
    const ofRun = world.artifacts.filter(({ run }) => run === Number(asked.params.run_id));
    return counted(asked, 'artifacts', ofRun.filter((each) => (name ?? each.name) === each.name).map(artifactShape));
  },
  'actions/download-artifact': (world, asked) => {
    const artifact = world.artifacts.find(({ id }) => id === Number(asked.params.artifact_id));
    if (!artifact) return notFound();
    if (artifact.expired) return failed(410, 'Artifact has expired');
    return { status: 302, headers: { location: new URL(`/store/${artifact.id}?signature=1`, asked.url).href } };
  },
  'repos/get': (world) => ({
    status: 200,
    body: repositoryShape(world, 'full-repository', world.repositoryId),
  }),
  'repos/get-content': (world, asked) => {
    const path = decodeURIComponent(asked.params.path ?? '');
    const text = world.files.get(`${path}@${queryIn(asked).ref ?? 'main'}`);
    // What a token may not see is not there, in a private repository.
    if (text === undefined || world.permissions.contents === 'none') return notFound();
    return { status: 200, body: fileShape(path, text) };
  },
  'git/get-commit': (world, asked) =>
    world.permissions.contents === 'none'
      ? notFound()
      : { status: 200, body: sample('git-commit', { sha: asked.params.commit_sha, message: 'A change' }) },
  'users/get-authenticated': (world) => {
    if (world.viewer.type === 'Bot') return notAccessible('');
    return { status: 200, body: { ...sample('public-user', userShape(world.viewer)), user_view_type: 'public' } };
  },
};

function fileShape(path: string, text: string): Json {
  const content = Buffer.from(text).toString('base64');
  const size = Buffer.byteLength(text);
  return sample('content-file', { type: 'file', encoding: 'base64', size, name: path, path, content });
}

function listed({ url }: Asked, items: readonly unknown[]): Answer {
  return page(url, items, (some) => some);
}

function counted({ url }: Asked, name: string, items: readonly unknown[]): Answer {
  return page(url, items, (some) => ({ total_count: items.length, [name]: some }));
}

function queryIn({ url }: Asked): Partial<Record<string, string>> {
  return Object.fromEntries(url.searchParams);
}

function bodyIn({ body }: Asked): string {
  return (body as { body: string }).body;
}

function pullAt(world: World, { params }: Asked) {
  return world.pulls.find(({ number }) => number === Number(params.issue_number ?? params.pull_number));
}

function commentAt(world: World, { params }: Asked) {
  return world.comments.find(({ id }) => id === Number(params.comment_id));
}
