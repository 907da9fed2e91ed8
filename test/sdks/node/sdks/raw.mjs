/** What the plain HTTP clients send and read: OpenAI's format by hand. */
export const URL = 'https://api.openai.com/v1/chat/completions';
export const headers = { authorization: 'Bearer sk-test', 'content-type': 'application/json' };
export const body = (stream) =>
  JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 60, stream });

/** The answer's text, whole or streamed; an answer that is none is an error with its status. */
export function read(status, text) {
  if (status !== 200) throw Object.assign(new Error(text), { status });
  if (text.startsWith('{')) return JSON.parse(text).choices[0].message.content;
  const events = text.split('\n\n').filter((event) => event.startsWith('data: {'));
  return events.map((event) => JSON.parse(event.slice(6)).choices[0].delta.content ?? '').join('');
}
