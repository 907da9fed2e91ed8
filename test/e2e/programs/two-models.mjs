const ask = async (url, model) => {
  const body = JSON.stringify({ model, max_tokens: 60, messages: [{ role: 'user', content: 'Hi' }] });
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  await response.text();
  console.log(model, response.status);
};
const OPENAI = 'https://api.openai.com/v1/chat/completions';
const ANTHROPIC = 'https://api.anthropic.com/v1/messages';
await ask(OPENAI, 'gpt-4o');
await ask(ANTHROPIC, 'claude-sonnet-4-5');
await ask(ANTHROPIC, 'claude-sonnet-4-5');
await ask(OPENAI, 'gpt-4o');
