// Reads a stream that does not end by itself, while another call breaks the budget.
const ask = (body) =>
  fetch('https://api.openai.com/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'x' }], max_tokens: 9, ...body }),
  });
process.on('SIGINT', () => undefined);
const stream = await ask({ stream: true });
await (await ask({})).text();
console.log(await stream.text());
