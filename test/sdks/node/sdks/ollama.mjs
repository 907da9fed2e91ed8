import { Ollama } from 'ollama';

// A local server over plain http, which the policy names.
const client = new Ollama({ host: 'http://127.0.0.1:11434' });
const asked = { model: 'llama3.2', messages: [{ role: 'user', content: 'Hi' }], options: { num_predict: 60 } };

export async function whole() {
  return (await client.chat(asked)).message.content;
}

export async function stream() {
  let text = '';
  for await (const part of await client.chat({ ...asked, stream: true })) text += part.message.content;
  return text;
}
