// So many callers at once, each one call after another, until so many calls or seconds have passed; a question may have
// a size in MB. Waits for a line before it begins, and prints what became of the calls.
const [callers, most, seconds, size] = process.argv.slice(2).map(Number);
const content = `Hi ${'x'.repeat(size * 1024 * 1024)}`;
const body = JSON.stringify({
  model: 'gpt-4o',
  max_tokens: 60,
  stream: true,
  stream_options: { include_usage: true },
  messages: [{ role: 'user', content }],
});
const counts = { ok: 0, failed: 0 };

async function ask() {
  const response = await fetch('https://api.openai.com/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  for await (const piece of response.body) void piece;
  return response.ok;
}

let begun = 0;
async function caller(until) {
  while (begun < most && performance.now() < until) {
    begun += 1;
    const outcome = await ask().catch(() => false);
    counts[outcome ? 'ok' : 'failed'] += 1;
  }
}

console.log('ready');
await new Promise((resolve) => process.stdin.once('data', resolve));
const until = performance.now() + seconds * 1000;
await Promise.all(Array.from({ length: callers }, () => caller(until)));
console.log(JSON.stringify(counts));
process.exit();
