// The official client as its README shows it: chat (whole and streamed), responses (whole and streamed), embeddings.
const { default: OpenAI } = await import(process.env.CLIENT ?? 'openai');
const client = new OpenAI({ apiKey: 'sk-test' });
const messages = [{ role: 'user', content: 'What is the capital of France?' }];

const chat = await client.chat.completions.create({ model: 'gpt-4o', messages, max_tokens: 60 });
console.log('chat', chat.choices[0].message.content, chat.usage.total_tokens);

let text = '';
let chunks = 0;
for await (const chunk of await client.chat.completions.create({
  model: 'gpt-4o',
  messages,
  max_tokens: 60,
  stream: true,
})) {
  text += chunk.choices[0].delta.content ?? '';
  chunks += 1;
  if ('usage' in chunk) throw new Error('a chunk says usage, which was not asked for');
}
console.log('chat stream', text, chunks);

const asked = await client.chat.completions.create({
  model: 'gpt-4o',
  messages,
  max_tokens: 60,
  stream: true,
  stream_options: { include_usage: true },
});
let last;
for await (const chunk of asked) last = chunk;
console.log('chat stream with usage', last.usage.total_tokens);

if (client.responses) {
  const response = await client.responses.create({
    model: 'gpt-4o',
    input: 'Capital of France?',
    max_output_tokens: 60,
  });
  console.log('responses', response.output_text, response.usage.total_tokens);
  let streamed = '';
  for await (const event of await client.responses.create({
    model: 'gpt-4o',
    input: 'Capital of France?',
    max_output_tokens: 60,
    stream: true,
  })) {
    if (event.type === 'response.output_text.delta') streamed += event.delta;
  }
  console.log('responses stream', streamed);
}

const embeddings = await client.embeddings.create({
  model: 'text-embedding-3-small',
  input: 'Paris',
  encoding_format: 'float',
});
console.log('embeddings', embeddings.data[0].embedding.length, embeddings.usage.total_tokens);
