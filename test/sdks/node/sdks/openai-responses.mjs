import OpenAI from 'openai';

const client = new OpenAI({ apiKey: 'sk-test' });
const asked = { model: 'gpt-4o', input: 'Hi', max_output_tokens: 60 };

export async function whole() {
  return (await client.responses.create(asked)).output_text;
}

export async function stream() {
  let text = '';
  for await (const event of await client.responses.create({ ...asked, stream: true }))
    if (event.type === 'response.output_text.delta') text += event.delta;
  return text;
}
