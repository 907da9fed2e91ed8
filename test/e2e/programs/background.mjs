// Starts a response in the background and leaves without asking what became of it.
const answer = await fetch('https://api.openai.com/v1/responses', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ model: 'gpt-4o', input: 'x', max_output_tokens: 9, background: true }),
});
const { status } = await answer.json();
console.log(status);
