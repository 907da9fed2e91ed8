import { ChatOpenAI } from '@langchain/openai';

const model = new ChatOpenAI({ apiKey: 'sk-test', model: 'gpt-4o', maxTokens: 60 });

export async function whole() {
  return (await model.invoke('Hi')).content;
}

export async function stream() {
  let text = '';
  for await (const chunk of await model.stream('Hi')) text += chunk.content;
  return text;
}
