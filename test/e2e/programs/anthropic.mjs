import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic({ apiKey: 'sk-ant-test' });
const messages = [{ role: 'user', content: 'What is the capital of France?' }];
const message = await client.messages.create({ model: 'claude-sonnet-4-5', max_tokens: 60, messages });
console.log('messages', message.content[0].text, message.usage.output_tokens);
const stream = client.messages.stream({ model: 'claude-sonnet-4-5', max_tokens: 60, messages });
console.log('messages stream', await stream.finalText(), (await stream.finalMessage()).usage.output_tokens);
