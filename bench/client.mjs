// The program whose calls are measured. It knows nothing of Token Budget: node:http or node:https with kept-alive
// connections, as many as it has callers, each of which calls again as soon as it has its answer.
// Reads one round a line from standard input, `{ kind, size, delay, callers, ms | calls }`, and prints what it took.
import http from 'node:http';
import https from 'node:https';
import { createInterface } from 'node:readline';
import { quantile } from './statistics.mjs';

const url = new URL('/v1/chat/completions', process.argv[2]);
const { request, Agent } = url.protocol === 'https:' ? https : http;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await round(JSON.parse(line))));
}

async function round({ kind, size, delay = 0, callers, ms = Infinity, calls = Infinity }) {
  const body = bodyOf(kind, size);
  const headers = {
    'content-type': 'application/json',
    authorization: 'Bearer none',
    'content-length': body.length,
    'x-bench': `${kind} ${size} ${delay}`,
  };
  const totals = [];
  const firsts = [];
  const start = performance.now();
  let left = calls;
  const caller = async () => {
    while (left-- > 0 && performance.now() - start < ms) {
      const { first, total } = await call(headers, body);
      firsts.push(first);
      totals.push(total);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const seconds = (performance.now() - start) / 1000;
  return {
    calls: totals.length,
    rate: totals.length / seconds,
    p50: quantile(totals, 0.5),
    p99: quantile(totals, 0.99),
    first: quantile(firsts, 0.5),
  };
}

/** Milliseconds to the first byte of the answer's body and to its end. */
function call(headers, body) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    let first;
    const sending = request(url, { method: 'POST', agent, headers }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`status ${answer.statusCode}`));
      answer.on('data', () => (first ??= performance.now() - start));
      answer.on('end', () => resolve({ first, total: performance.now() - start }));
      answer.on('error', reject);
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

/** As most programs write it: an output bound, and no wish for a stream's usage. */
function bodyOf(kind, size) {
  const stream = kind === 'stream' ? { stream: true } : {};
  const bytes = kind === 'stream' ? 1024 : size;
  const text = (content) =>
    JSON.stringify({ model: 'gpt-4o-mini', max_tokens: 256, ...stream, messages: [{ role: 'user', content }] });
  return Buffer.from(text('word '.repeat(bytes / 5).slice(0, bytes - text('').length)));
}
