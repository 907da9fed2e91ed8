import { generateText, streamText } from 'ai';

/** Calls of Vercel's AI SDK with a model of one of its providers. */
export const callsOf = (model) => ({
  async whole() {
    return (await generateText({ model, prompt: 'Hi', maxOutputTokens: 60 })).text;
  },
  async stream() {
    // Its errors come by this callback; thrown here as the other SDKs throw theirs.
    let failure;
    const result = streamText({
      model,
      prompt: 'Hi',
      maxOutputTokens: 60,
      onError: ({ error }) => void (failure = error),
    });
    let text = '';
    for await (const piece of result.textStream) text += piece;
    if (failure) throw failure;
    return text;
  },
});
