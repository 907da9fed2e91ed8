/** What a command leaves unfinished: streams that are cut off by a halt, and work that goes on at the provider. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startUpstream, type UpstreamOptions } from '../support/upstream.js';
import { policyFor, PROGRAMS, runUnder } from './harness.js';

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

async function withUpstream(options: UpstreamOptions): Promise<string> {
  const upstream = await startUpstream(options);
  open.push(upstream);
  return upstream.origin;
}

test('a response in the background that nobody asked for costs its hold, and the run does not wait for it', async () => {
  const queued = { id: 'resp_1', status: 'queued', background: true, model: 'gpt-4o', usage: null };
  const origin = await withUpstream({
    intercept: (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(queued));
      return true;
    },
  });
  const command = [process.execPath, join(PROGRAMS, 'background.mjs')];
  const run = await runUnder(policyFor(origin, 'limits: { tokens: 10k }'), command);
  expect(run.stdout).toContain('queued');
  expect(run.report.totals).toMatchObject({ calls: 1, output_tokens: 9 });
  const journal = readFileSync(join(run.directory, 'journal.ndjson'), 'utf8').trim().split('\n');
  const entries = journal.map((line) => JSON.parse(line) as { event: string; ms: number; source?: string });
  const settled = entries.find(({ event }) => event === 'settle');
  expect(settled).toMatchObject({ source: 'held' });
  expect((entries.at(-1)?.ms ?? 0) - (settled?.ms ?? 0)).toBeLessThan(1_000);
  expect((settled?.ms ?? 0) - (entries.find(({ event }) => event === 'reserve')?.ms ?? 0)).toBeLessThan(4_500);
});

test('under halt a stream in flight ends with an error that says why', async () => {
  const origin = await withUpstream({
    intercept: (seen, response) => {
      if (seen.body.stream !== true) return false;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"choices":[{"index":0,"delta":{"content":"Par"}}]}\n\n');
      return true;
    },
  });
  const command = [process.execPath, join(PROGRAMS, 'halted.mjs')];
  const run = await runUnder(
    policyFor(origin, 'limits: { calls: 1 }\non_exceed: halt\nreserve: { wait: 100ms }'),
    command,
  );
  expect(run.stdout).toContain('"Par"');
  expect(run.stdout).toContain('token-budget: the run is being stopped at its budget. This answer was cut off.');
  expect(run.status).toBe(3);
}, 60_000);
