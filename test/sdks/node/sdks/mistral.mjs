import { Mistral } from '@mistralai/mistralai';

const client = new Mistral({ apiKey: 'test' });
const asked = { model: 'mistral-small-latest', messages: [{ role: 'user', content: 'Hi' }], maxTokens: 60 };

export async function whole() {
  return (await client.chat.complete(asked)).choices[0].message.content;
}

export async function stream() {
  let text = '';
  for await (const event of await client.chat.stream(asked)) text += event.data.choices[0]?.delta.content ?? '';
  return text;
}
