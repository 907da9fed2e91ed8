// One call whose answer takes its time; prints that it was sent, and what came of it.
const answer = fetch('https://api.openai.com/v1/chat/completions', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ model: 'gpt-4o', max_tokens: 60, messages: [{ role: 'user', content: 'Hi' }] }),
});
console.log('sent');
console.log('answered', (await answer).status);
