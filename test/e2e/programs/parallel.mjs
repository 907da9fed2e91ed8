// So many calls at once by the official client, with its own retries on; prints what became of them.
const { default: OpenAI } = await import(process.env.CLIENT ?? 'openai');
const client = new OpenAI({ apiKey: 'sk-test' });
const results = await Promise.all(
  Array.from({ length: Number(process.argv[2]) }, async (_, i) => {
    try {
      await client.chat.completions.create({
        model: 'gpt-4o',
        max_tokens: 60,
        // About a hundred tokens, of which the upstream counts a hundred.
        messages: [{ role: 'user', content: `Question ${i}: ${'why '.repeat(100)}` }],
      });
      return 'ok';
    } catch (error) {
      return `${error.status} ${error.code}`;
    }
  }),
);
const counts = {};
for (const result of results) counts[result] = (counts[result] ?? 0) + 1;
console.log(JSON.stringify(counts));
