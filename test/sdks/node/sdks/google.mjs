import { GoogleGenAI } from '@google/genai';

const client = new GoogleGenAI({ apiKey: 'AIza-test' });
const asked = { model: 'gemini-2.5-flash', contents: 'Hi', config: { maxOutputTokens: 60 } };

export async function whole() {
  return (await client.models.generateContent(asked)).text;
}

export async function stream() {
  let text = '';
  for await (const chunk of await client.models.generateContentStream(asked)) text += chunk.text ?? '';
  return text;
}
