import OpenAI from 'openai';

const client = new OpenAI({ apiKey: 'sk-test' });
const asked = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 60 };

export async function whole() {
  return (await client.chat.completions.create(asked)).choices[0].message.content;
}

export async function stream() {
  let text = '';
  for await (const chunk of await client.chat.completions.create({ ...asked, stream: true }))
    text += chunk.choices[0].delta.content ?? '';
  return text;
}
