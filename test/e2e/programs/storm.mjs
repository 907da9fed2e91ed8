// Calls without end, eight at a time, every other one a stream: each answer that has come is written down with its
// usage. Ends when the gateway is gone.
import { appendFileSync } from 'node:fs';

const [run, file] = process.argv.slice(2);
let calls = 0;

async function ask(call) {
  const content = `run ${run} call ${call} ${'x'.repeat(3000)}`;
  const stream = call % 2 === 0 && { stream: true, stream_options: { include_usage: true } };
  const response = await fetch('https://api.openai.com/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', max_tokens: 60, messages: [{ role: 'user', content }], ...stream }),
  });
  const [, input, output] = /"prompt_tokens":(\d+),"completion_tokens":(\d+)/.exec(await response.text()) ?? [];
  appendFileSync(file, `${input} ${output}\n`);
}

async function caller() {
  for (;;) await ask((calls += 1));
}

await Promise.all(Array.from({ length: 8 }, caller)).catch(() => process.exit(1));
