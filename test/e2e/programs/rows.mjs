// Rows one after another; prints each, and goes on whatever happens.
for (let row = 1; row <= Number(process.argv[2]); row += 1) {
  const response = await fetch('https://api.openai.com/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', max_tokens: 60, messages: [{ role: 'user', content: `row ${row}` }] }),
  }).catch((error) => ({ ok: false, status: error.message }));
  console.log(`row ${row} ${response.ok ? 'ok' : response.status}`);
  await new Promise((resolve) => setTimeout(resolve, 50));
}
