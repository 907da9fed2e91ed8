import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { RequestListener, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logToMlflow } from '../../src/mlflow/log.js';
import { buildReport } from '../../src/report/build.js';
import { runMetrics } from '../../src/report/metrics.js';
import { open, reserve, settle } from '../report/runs.js';
import { serve } from './stand.js';

const payload = runMetrics(buildReport([open(), reserve(1), settle(1)]), {});
const CREDENTIALS = { MLFLOW_TRACKING_USERNAME: 'ann', MLFLOW_TRACKING_PASSWORD: 's3cret-pass' };

type Env = Readonly<Record<string, string>>;
const log = (uri: string, env: Env = {}, deadlineMs = 30_000, runId: string | undefined = 'abc') =>
  logToMlflow({ uri, experiment: 'evals', runId, env, payload, deadlineMs, secondMs: 1 });

const json = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** A server that knows the run `abc` and takes all that is logged. */
const willing: RequestListener = (request, response) => {
  request.resume();
  json(response, 200, { run: { info: { run_id: 'abc', experiment_id: '1' } } });
};

let folder: string;
let certificate: { key: string; cert: string };
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const files = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') };
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...names];
  execFileSync('openssl', [...request, '-keyout', files.key, '-out', files.cert], { stdio: 'ignore' });
  certificate = { key: readFileSync(files.key, 'utf8'), cert: readFileSync(files.cert, 'utf8') };
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  ['sqlite:///mlflow.db', 'is sqlite, not'],
  ['file:///tmp/mlruns', 'is file, not'],
  ['postgresql://ann:s3cret-pass@db/mlflow', 'is postgresql, not'],
  ['databricks', 'is a path, not'],
  ['./mlruns', 'is a path, not'],
  ['', 'no tracking URI is set'],
])('the tracking URI "%s" is skipped in one sentence', async (uri, words) => {
  const outcome = await log(uri);
  expect(outcome).toMatchObject({ action: 'skipped' });
  expect(outcome.warning).toContain(words);
  expect(outcome.warning).not.toContain('s3cret');
});

const basic = `Basic ${Buffer.from('ann:s3cret-pass').toString('base64')}`;
test.each<readonly [string, Env, string | undefined]>([
  ['no credential', {}, undefined],
  ['a user and password', CREDENTIALS, basic],
  ['a token', { MLFLOW_TRACKING_TOKEN: 't0ken\n' }, 'Bearer t0ken'],
  ['all of them, of which the user comes first', { ...CREDENTIALS, MLFLOW_TRACKING_TOKEN: 't0ken' }, basic],
  ['a user alone beside a token', { MLFLOW_TRACKING_USERNAME: 'ann', MLFLOW_TRACKING_TOKEN: 't0ken' }, 'Bearer t0ken'],
])('the server is sent %s as the environment has it', async (_what, env, authorization) => {
  const stand = await serve(willing);
  expect(await log(stand.uri, env)).toMatchObject({ action: 'logged', runId: 'abc' });
  expect([...new Set(stand.seen.map(({ headers }) => headers.authorization))]).toEqual([authorization]);
});

test('a credential in the address is used, and told to nobody', async () => {
  const stand = await serve(willing);
  const outcome = await log(`${stand.uri.replace('//', '//ann:s3cret-pass@')}/base/?x=1`);
  expect(stand.seen[0]).toMatchObject({ path: '/base/api/2.0/mlflow/runs/get?run_id=abc' });
  expect(stand.seen[0]?.headers.authorization).toBe(basic);
  expect(outcome).toEqual({ action: 'logged', runId: 'abc', url: `${stand.uri}/base/#/experiments/1/runs/abc` });
});

test('the workspace of the environment goes with each call', async () => {
  const stand = await serve(willing);
  await log(stand.uri, { MLFLOW_WORKSPACE: 'team-a' });
  expect(stand.seen.length).toBeGreaterThan(1);
  expect(stand.seen.every(({ headers }) => headers['x-mlflow-workspace'] === 'team-a')).toBe(true);
});

test.each([
  [400, 'refused them as invalid (status 400, INVALID_PARAMETER_VALUE)'],
  [401, 'does not accept the credential (status 401'],
  [403, 'Give the user EDIT permission'],
  [404, 'Check MLFLOW_TRACKING_URI'],
  [418, 'refused them'],
])('status %i is asked for once, and told with its remedy but not with what the server says', async (status, words) => {
  const body = { error_code: 'INVALID_PARAMETER_VALUE', message: 'no s3cret-pass ::error::' };
  const stand = await serve((_request, response) => json(response, status, body));
  const outcome = await log(stand.uri, CREDENTIALS);
  expect(outcome).toMatchObject({ action: 'failed' });
  expect(outcome.warning).toContain(words);
  expect(outcome.warning).toContain(new URL(stand.uri).host);
  expect(outcome.warning).not.toMatch(/s3cret|ann:|::error|\n/);
  expect(stand.seen).toHaveLength(1);
});

test('a server that asks for a credential where none is set says which to set', async () => {
  const stand = await serve((_request, response) => response.writeHead(401).end());
  expect((await log(stand.uri)).warning).toMatch(/requires a credential \(status 401\)\. Set MLFLOW_TRACKING_USERNAME/);
});

test.each([429, 500, 502, 503])('status %i is tried three times and no more', async (status) => {
  const stand = await serve((_request, response) => response.writeHead(status).end());
  expect((await log(stand.uri)).warning).toContain(`also on retry (status ${status})`);
  expect(stand.seen).toHaveLength(3);
});

test('two connections that break off, and the third that does not, make no failure', async () => {
  const stand = await serve((request, response) => {
    if (stand.seen.length <= 2) request.socket.destroy();
    else willing(request, response);
  });
  expect(await log(stand.uri)).toMatchObject({ action: 'logged' });
});

test('a wait that the server asks for and the deadline has no room for is not begun', async () => {
  const stand = await serve((_request, response) => response.writeHead(429, { 'retry-after': '86400' }).end());
  const outcome = await log(stand.uri);
  expect(outcome.warning).toContain('status 429');
  expect(stand.seen).toHaveLength(1);
});

test('a redirect is not followed, so that the credential goes nowhere else', async () => {
  const elsewhere = await serve(willing);
  const stand = await serve((_request, response) => response.writeHead(302, { location: elsewhere.uri }).end());
  const outcome = await log(stand.uri, CREDENTIALS);
  expect(outcome).toMatchObject({ action: 'failed' });
  expect(outcome.warning).toContain('redirects (status 302)');
  expect(elsewhere.seen).toEqual([]);
});

test('a server that never answers is given up at the deadline', async () => {
  const stand = await serve((request) => request.resume());
  const outcome = await log(stand.uri, {}, 300);
  expect(outcome).toMatchObject({ action: 'failed' });
  expect(outcome.warning).toMatch(/gave no answer within 0\.24 s/);
});

test('a server that begins an answer and never ends it is given up too', async () => {
  const stand = await serve((_request, response) => void response.writeHead(200).write('{'));
  expect((await log(stand.uri, {}, 300)).warning).toMatch(/gave no answer within 0\.24 s/);
});

test('an answer without end is cut off', async () => {
  const stand = await serve((_request, response) => void response.end(Buffer.alloc(9 * 2 ** 20, 'x')));
  expect(await log(stand.uri)).toMatchObject({ action: 'failed' });
});

test.each(['<html>a portal</html>', '[]', '{}', '{"run":{"info":{"run_id":7}}}'])(
  'a page that says %s is not taken for MLflow',
  async (text) => {
    const stand = await serve((_request, response) => response.end(text));
    expect((await log(stand.uri)).warning).toContain('answers, but not as MLflow does (status 200)');
  },
);

test('a port where nothing listens is told with its cause', async () => {
  const outcome = await log('http://127.0.0.1:1', CREDENTIALS);
  expect(outcome.warning).toMatch(/127\.0\.0\.1:1 could not be reached, or closed the connection \(ECONNREFUSED\)/);
});

test('a certificate of no known CA is refused, and the way out is named', async () => {
  const stand = await serve(willing, certificate);
  const outcome = await log(stand.uri, CREDENTIALS);
  expect(outcome.warning).toContain(
    'is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT). Set MLFLOW_TRACKING_SERVER_CERT_PATH',
  );
  expect(stand.seen).toEqual([]);
});

test('a certificate of the named CA is trusted', async () => {
  const stand = await serve(willing, certificate);
  const env = { MLFLOW_TRACKING_SERVER_CERT_PATH: join(folder, 'cert.pem') };
  expect(await log(stand.uri, env)).toMatchObject({ action: 'logged' });
});

test('a named CA that can not be read is told without a call', async () => {
  const stand = await serve(willing, certificate);
  const outcome = await log(stand.uri, { MLFLOW_TRACKING_SERVER_CERT_PATH: join(folder, 'missing.pem') });
  expect(outcome).toMatchObject({ action: 'failed' });
  expect(outcome.warning).toContain('MLFLOW_TRACKING_SERVER_CERT_PATH does not name a readable PEM file');
  expect(stand.seen).toEqual([]);
});

test.each(['true', '1', 'True'])(
  'no certificate is checked where MLFLOW_TRACKING_INSECURE_TLS is %s',
  async (value) => {
    const stand = await serve(willing, certificate);
    expect(await log(stand.uri, { MLFLOW_TRACKING_INSECURE_TLS: value })).toMatchObject({ action: 'logged' });
  },
);

test('values of the environment that no header can hold make a failure and no throw', async () => {
  const stand = await serve(willing);
  const outcome = await log(stand.uri, { MLFLOW_TRACKING_TOKEN: 't0ken\nx: y', MLFLOW_WORKSPACE: 'a\r\nb' });
  expect(outcome).toMatchObject({ action: 'failed' });
  expect(outcome.warning).not.toContain('t0ken');
});

test('a run of its own is ended as failed in the time kept for it, where logging takes too long', async () => {
  const said: string[] = [];
  const stand = await serve((request, response) => {
    if (request.url?.endsWith('runs/log-batch') === true) return void request.resume();
    request.setEncoding('utf8').on('data', (text: string) => said.push(text));
    const run = { info: { run_id: 'abc', experiment_id: '1' } };
    request.on('end', () => json(response, 200, { run, experiment: { experiment_id: '1' } }));
  });
  const outcome = await log(stand.uri, {}, 3000, '');
  expect(outcome.warning).toContain('gave no answer within 2.4 s');
  expect(stand.seen.at(-1)?.path).toBe('/api/2.0/mlflow/runs/update');
  expect(said.at(-1)).toContain('"status":"FAILED"');
});
