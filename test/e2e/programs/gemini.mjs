// The official client; nothing here knows of a budget. CLIENT is the name that the package is installed under.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const near = createRequire(new URL('../../hook/node/clients/package.json', import.meta.url));
const { GoogleGenAI } = await import(pathToFileURL(near.resolve(process.env.CLIENT)).href);

const ai = new GoogleGenAI({ apiKey: 'k' });
const ask = { model: 'gemini-2.5-flash', contents: 'What is the capital of France?', config: { maxOutputTokens: 60 } };

async function show(name, call) {
  try {
    console.log(name, await call());
  } catch (error) {
    console.log(name, error.name, error.status, /token-budget: [\w ]+/.exec(error.message)?.[0]);
  }
}

async function textOf(stream) {
  let text = '';
  for await (const chunk of await stream) text += chunk.text ?? chunk.delta?.text ?? '';
  return text;
}

await show('generate', async () => {
  const { text, usageMetadata } = await ai.models.generateContent(ask);
  return `${text} ${usageMetadata.totalTokenCount}`;
});
await show('stream', () => textOf(ai.models.generateContentStream(ask)));
await show('chat', async () => (await ai.chats.create({ model: ask.model }).sendMessage({ message: 'Capital?' })).text);
await show(
  'embed',
  async () => (await ai.models.embedContent({ model: 'gemini-embedding-001', contents: 'Paris' })).embeddings.length,
);
await show('count', async () => (await ai.models.countTokens({ model: ask.model, contents: 'Paris' })).totalTokens);
const hop = { model: 'gemini-3.5-flash', input: 'Capital of France?', generation_config: { max_output_tokens: 60 } };
await show('interaction', async () => (await ai.interactions.create(hop)).usage.total_tokens);
await show('interaction stream', async () => textOf(ai.interactions.create({ ...hop, stream: true })));
const vertex = new GoogleGenAI({ apiKey: 'k', vertexai: true });
await show('vertex', async () => (await vertex.models.generateContent(ask)).text);
await show('vertex stream', () => textOf(vertex.models.generateContentStream(ask)));
