/** The built program under load: its memory stays flat, and no hold, socket or file stays open. In full with TB_LONG=1. */
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { policyFor, PROGRAMS, readReport, startCli, until, workspace } from './harness.js';
import { LONG } from '../support/sample.js';

const MB = 1024 * 1024;

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

interface Load {
  readonly callers: number;
  readonly calls: number;
  readonly seconds: number;
  /** Of each request and of each answer, in MB. */
  readonly size: number;
  /** How much more memory the last third of the run may take than the second, in MB. */
  readonly growth: number;
}

test.each<[string, Load]>([
  ['500 callers at once', { callers: 500, calls: Infinity, seconds: LONG ? 60 : 4, size: 0, growth: LONG ? 30 : 100 }],
  ['calls in a row', { callers: 1, calls: LONG ? 10_000 : 1_000, seconds: 600, size: 0, growth: 30 }],
  ['bodies of 100 MB', { callers: 1, calls: LONG ? 30 : 4, seconds: 600, size: 100, growth: LONG ? 100 : 300 }],
])('%s leave memory flat and nothing open', { timeout: 900_000 }, async (name, load) => {
  const upstream = await startSink(load.size);
  const run = begin(upstream.origin, load);
  await until(() => run.printed().includes('ready'));
  const before = { fds: fdsOf(run.pid), rss: rssOf(run.pid) };
  run.child.stdin?.write('\n');
  const rss: number[] = [];
  let fds = 0;
  while (!run.printed().includes('{')) {
    await sleep(LONG ? 500 : 50);
    rss.push(rssOf(run.pid));
    fds = Math.max(fds, fdsOf(run.pid));
  }
  const counts = JSON.parse(/\{.*\}/.exec(run.printed())?.[0] ?? '') as { ok: number; failed: number };
  // Connections to the upstream that are kept for a next call are given up within seconds.
  await until(() => fdsOf(run.pid) <= before.fds);
  const after = { fds: fdsOf(run.pid), rss: rssOf(run.pid) };
  run.child.stdin?.write('\n');
  expect((await run.ended).status).toBe(0);
  const { totals, calls } = readReport(run.report);
  const held = calls.filter(({ usage_source }) => usage_source !== 'reported').length;
  const [second, last] = thirds(rss);
  const figures = { ...counts, held, before, after, mostFds: fds, rss: { second, last, most: Math.max(...rss) } };
  process.stdout.write(`${name}: ${JSON.stringify(figures)}\n`);
  expect(counts).toEqual({ ok: upstream.answered(), failed: 0 });
  expect({ held, calls: totals.calls, tokens: totals.total_tokens }).toEqual({
    held: 0,
    calls: counts.ok,
    tokens: counts.ok * 150,
  });
  expect(last - second).toBeLessThan(load.growth);
});

function begin(origin: string, { callers, calls, seconds, size }: Load) {
  const place = workspace(policyFor(origin, 'limits: { tokens: 1000000M }'));
  const words = [join(PROGRAMS, 'callers.mjs'), ...[callers, calls, seconds, size].map(String)];
  // The shell outlives the callers: what is open then is open without a reason.
  const command = ['sh', '-c', '"$@"; read line', 'sh', process.execPath, ...words];
  const args = ['run', '--policy', place.policy, '--report-dir', place.report, '--', ...command];
  const { child, ended } = startCli(args);
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return { child, ended, pid: child.pid ?? 0, report: place.report, printed: () => printed };
}

/** An upstream that reads requests without keeping them and streams answers of a size in MB, and then their usage. */
async function startSink(size: number) {
  let answered = 0;
  const piece = `: ${'x'.repeat(65_532)}\n\n`;
  const usage = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };
  const last = `data: ${JSON.stringify({ model: 'gpt-4o', choices: [], usage })}\n\ndata: [DONE]\n\n`;
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => {
      answered += 1;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      let left = (size * MB) / piece.length;
      const go = () => {
        while (left-- > 0) if (!response.write(piece)) return void response.once('drain', go);
        response.end(last);
      };
      go();
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, answered: () => answered };
}

function fdsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** In MB. */
function rssOf(pid: number): number {
  return Math.round(Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
}

/** Medians of the second and the last third of some samples: the first is the time that a program takes to warm up. */
function thirds(samples: readonly number[]): [second: number, last: number] {
  const third = Math.ceil(samples.length / 3);
  return [median(samples.slice(third, 2 * third)), median(samples.slice(2 * third))];
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0;
}
