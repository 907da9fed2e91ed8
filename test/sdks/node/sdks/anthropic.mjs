import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic({ apiKey: 'sk-ant-test' });
const asked = { model: 'claude-sonnet-4-5', max_tokens: 60, messages: [{ role: 'user', content: 'Hi' }] };

export async function whole() {
  return (await client.messages.create(asked)).content[0].text;
}

export function stream() {
  return client.messages.stream(asked).finalText();
}
