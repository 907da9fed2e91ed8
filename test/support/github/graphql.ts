/** The two things that the action asks by GraphQL, which GitHub's OpenAPI description does not cover. */
import type { Answer } from './answers.js';
import type { Json } from './contract.js';
import type { World } from './world.js';

interface Query {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

const MINIMIZE = /(\w+): minimizeComment\(input: \{ subjectId: \$(\w+), classifier: OUTDATED \}\)/g;

export function graphqlOperation(body: unknown): string {
  return (body as Query).query.includes('viewer') ? 'graphql/viewer' : 'graphql/minimize';
}

export function answerGraphql(world: World, body: unknown): Answer {
  const { query, variables = {} } = body as Query;
  if (query.includes('viewer')) return { status: 200, body: { data: { viewer: { login: world.viewer.login } } } };
  const fields = [...query.matchAll(MINIMIZE)];
  if (fields.length === 0) return { status: 200, body: { errors: [{ type: 'PARSE', message: 'not understood' }] } };
  const errors: Json[] = [];
  const data = Object.fromEntries(
    fields.map(([, name = '', variable = '']) => [name, minimized(world, variables[variable], errors)]),
  );
  return { status: 200, body: errors.length > 0 ? { data, errors } : { data } };
}

function minimized(world: World, id: unknown, errors: Json[]): Json | null {
  const comment = world.comments.find(({ node_id }) => node_id === id);
  if (!comment || world.permissions.pull_requests !== 'write') {
    const [type, message] = comment
      ? ['FORBIDDEN', 'Resource not accessible by integration']
      : ['NOT_FOUND', `Could not resolve to a node with the global id of '${String(id)}'`];
    errors.push({ type, message, path: [] });
    return null;
  }
  comment.minimized = true;
  return { minimizedComment: { isMinimized: true } };
}
