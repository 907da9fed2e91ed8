/**
 * A stand-in for GitHub's API on 127.0.0.1. Every request and every answer is checked against GitHub's own description;
 * what does not fit is told by `close`, so that a test can not pass on a request that GitHub would refuse.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { failed, notFound, type Answer } from './answers.js';
import { openContract, type Contract } from './contract.js';
import { faultAnswer, nextFault, type Fault } from './faults.js';
import { answerGraphql, graphqlOperation } from './graphql.js';
import { OPERATIONS } from './operations.js';
import { openWorld, type World } from './world.js';

export interface Recorded {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** As the description names it; `graphql/viewer`, `graphql/minimize`, `store`, or `unknown`. */
  readonly operation: string;
  readonly body: unknown;
  readonly authorization: string | undefined;
  /** 0 where no answer was sent. */
  readonly status: number;
}

export interface GitHub {
  /** For GITHUB_API_URL. */
  readonly url: string;
  readonly world: World;
  readonly requests: readonly Recorded[];
  /** The operations asked, in order. */
  operations(): string[];
  fail(fault: Fault): void;
  /** Does something once, right before an operation is answered: what another run or a person does meanwhile. */
  before(operation: string, act: () => void): void;
  /** Stops, and throws where a request or an answer did not fit GitHub's description. */
  close(): Promise<void>;
}

/** Compiled once a process; it holds no state. */
let compiled: Promise<Contract> | undefined;

const TOKEN = /^(token|bearer) \S+$/i;

export async function openGitHub(): Promise<GitHub> {
  const contract = await (compiled ??= openContract());
  const world = openWorld();
  const requests: Recorded[] = [];
  const faults: (Fault & { left: number })[] = [];
  const problems: string[] = [];
  const meanwhile = new Map<string, () => void>();
  const server = createServer((request, response) => {
    void serve(request, response).catch((error: unknown) => {
      problems.push(String(error));
      response.destroy();
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await readRequest(request, url);
    const { operation, answer } = answerTo(contract, world, asked, problems);
    meanwhile.get(operation)?.();
    meanwhile.delete(operation);
    const fault = nextFault(faults, operation);
    const { headers, method } = request;
    const seen = { method: method ?? '', path: request.url ?? '', operation, body: asked.body };
    const silent = fault?.kind === 'hang' || fault?.kind === 'reset';
    const done = fault === undefined || fault.done === true ? answer() : undefined;
    const given = fault ? faultAnswer(fault, operation) : done;
    const status = silent ? 0 : (given?.status ?? 0);
    requests.push({ ...seen, authorization: headers.authorization, status });
    if (fault?.kind === 'reset') response.destroy();
    if (!silent && given) send(response, given);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    world,
    requests,
    operations: () => requests.map(({ operation }) => operation),
    fail: (fault) => void faults.push({ ...fault, left: fault.times ?? Infinity }),
    before: (operation, act) => void meanwhile.set(operation, act),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (problems.length > 0) throw new Error(`not as GitHub describes its API:\n${problems.join('\n')}`);
    },
  };
}

interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

async function readRequest(request: IncomingMessage, base: string): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  return { method: request.method ?? '', url: new URL(request.url ?? '', base), headers, body };
}

/** The operation asked for, and its answer as a function, since a fault may come before it. */
function answerTo(contract: Contract, world: World, asked: Received, problems: string[]) {
  const { method, url, headers, body } = asked;
  if (url.pathname.startsWith('/store/')) return { operation: 'store', answer: () => stored(world, asked, problems) };
  if (!TOKEN.test(headers.authorization ?? '')) {
    return { operation: 'unknown', answer: () => failed(401, 'Requires authentication') };
  }
  if (url.pathname === '/graphql')
    return { operation: graphqlOperation(body), answer: () => answerGraphql(world, body) };
  const query = Object.fromEntries(url.searchParams);
  const request = { method, path: url.pathname, query, headers: { ...headers }, body };
  const matched = contract.match(request);
  const operate = matched && OPERATIONS[matched.operation];
  if (!operate) {
    problems.push(`${method} ${url.pathname}: not an operation of the slice`);
    return { operation: 'unknown', answer: notFound };
  }
  const { operation, params } = matched;
  const told = (wrong: readonly string[], of: string) =>
    void problems.push(...wrong.map((problem) => `${operation} ${of}: ${problem}`));
  const refused = contract.requestProblems(request, operation);
  told(refused, 'request');
  if (refused.length > 0) return { operation, answer: () => failed(422, 'Invalid request.') };
  const answer = () => {
    const ours = params.owner === undefined || (params.owner === world.owner && params.repo === world.repo);
    const given = ours ? operate(world, { url, params, body }) : notFound();
    told(contract.responseProblems(operation, given.status, given.body), 'answer');
    return given;
  };
  return { operation, answer };
}

/** Where artifacts are kept: a host of its own in life, so a token must not come along. */
function stored(world: World, { url, headers }: Received, problems: string[]): Answer {
  if ('authorization' in headers) problems.push('a token was sent to the store of artifacts');
  const artifact = world.artifacts.find(({ id }) => id === Number(url.pathname.split('/').at(-1)));
  return artifact ? { status: 200, body: artifact.zip } : notFound();
}

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  const type = Buffer.isBuffer(body) ? 'application/zip' : 'application/json; charset=utf-8';
  response.writeHead(status, body === undefined ? headers : { 'content-type': type, ...headers });
  response.end(body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body));
}
