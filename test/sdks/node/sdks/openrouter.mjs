import { OpenRouter } from '@openrouter/sdk';

const client = new OpenRouter({ apiKey: 'sk-or-test' });
const asked = { model: 'openai/gpt-4o', messages: [{ role: 'user', content: 'Hi' }], maxTokens: 60 };

export async function whole() {
  return (await client.chat.send({ chatRequest: { ...asked, stream: false } })).choices[0].message.content;
}

export async function stream() {
  let text = '';
  for await (const chunk of await client.chat.send({ chatRequest: { ...asked, stream: true } }))
    text += chunk.choices[0]?.delta.content ?? '';
  return text;
}
