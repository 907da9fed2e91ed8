import { CohereClientV2 } from 'cohere-ai';

const client = new CohereClientV2({ token: 'test' });
const asked = { model: 'command-a-03-2025', messages: [{ role: 'user', content: 'Hi' }], maxTokens: 60 };

export async function whole() {
  return (await client.chat(asked)).message.content[0].text;
}

export async function stream() {
  let text = '';
  for await (const event of await client.chatStream(asked))
    if (event.type === 'content-delta') text += event.delta.message.content.text;
  return text;
}
