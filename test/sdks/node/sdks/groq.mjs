import Groq from 'groq-sdk';

const client = new Groq({ apiKey: 'gsk_test' });
const asked = {
  model: 'llama-3.3-70b-versatile',
  messages: [{ role: 'user', content: 'Hi' }],
  max_completion_tokens: 60,
};

export async function whole() {
  return (await client.chat.completions.create(asked)).choices[0].message.content;
}

export async function stream() {
  let text = '';
  for await (const chunk of await client.chat.completions.create({ ...asked, stream: true }))
    text += chunk.choices[0]?.delta.content ?? '';
  return text;
}
