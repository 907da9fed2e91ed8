// A lean stand-in for a provider: chat completions with usage, over plain http, uncompressed. The header `x-bench` tells
// what it answers: `json BYTES DELAY_MS` or `stream CHUNKS`. Prints its port, and ends with its standard input.
import http from 'node:http';

const USAGE = { prompt_tokens: 250, completion_tokens: 50, total_tokens: 300 };
const BASE = { id: 'chatcmpl-bench', created: 1_700_000_000, model: 'gpt-4o-mini-2024-07-18' };
const CHUNK = sse({ choices: [{ index: 0, delta: { content: ' word' }, finish_reason: null }] });
const FINISH = sse({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
const USAGE_CHUNK = sse({ choices: [], usage: USAGE });
const DONE = 'data: [DONE]\n\n';
const answers = new Map();

const server = http.createServer((request, response) => {
  const [kind, size, delay] = String(request.headers['x-bench'] ?? 'json 1024 0').split(' ');
  let asked = false;
  request.on('data', (chunk) => (asked ||= kind === 'stream' && chunk.includes('"include_usage":true')));
  request.on('end', () => {
    if (kind === 'stream') return void stream(response, Number(size), asked);
    const send = () => sendJson(response, Number(size));
    // Half as long to half as long again: callers whose answers all take the same time call in one burst.
    if (Number(delay) > 0) setTimeout(send, Number(delay) * (0.5 + Math.random()));
    else send();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit()).resume();

function sendJson(response, size) {
  const body = answerOf(size);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

/** Each chunk in a turn of its own, so that each is a write of its own. */
async function stream(response, chunks, asked) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let i = 0; i < chunks; i += 1) {
    response.write(CHUNK);
    await new Promise(setImmediate);
  }
  response.end(FINISH + (asked ? USAGE_CHUNK : '') + DONE);
}

function answerOf(size) {
  let body = answers.get(size);
  if (!body) answers.set(size, (body = Buffer.from(completion('x'.repeat(Math.max(0, size - completion('').length))))));
  return body;
}

function completion(content) {
  const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
  return JSON.stringify({ ...BASE, object: 'chat.completion', choices, usage: USAGE });
}

function sse(members) {
  return `data: ${JSON.stringify({ ...BASE, object: 'chat.completion.chunk', ...members })}\n\n`;
}
