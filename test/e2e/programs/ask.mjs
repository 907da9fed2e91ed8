// One question to the model named, and the answer as it comes.
const response = await fetch('https://api.openai.com/v1/chat/completions', {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: `Bearer ${process.env.OPENAI_API_KEY ?? 'none'}` },
  body: JSON.stringify({
    model: process.argv[2] ?? 'gpt-4o',
    max_tokens: 60,
    messages: [{ role: 'user', content: process.argv[3] ?? 'Hi' }],
  }),
});
console.log(response.status, await response.text());
