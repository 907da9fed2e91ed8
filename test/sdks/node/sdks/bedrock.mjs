import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';

export const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'test' };
export const clientOf = (options) => new BedrockRuntimeClient({ region: 'us-east-1', credentials, ...options });

const asked = {
  modelId: 'amazon.nova-lite-v1:0',
  messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
  inferenceConfig: { maxTokens: 60 },
};

export const callsOf = (client) => ({
  async whole() {
    return (await client.send(new ConverseCommand(asked))).output.message.content[0].text;
  },
  async stream() {
    let text = '';
    for await (const event of (await client.send(new ConverseStreamCommand(asked))).stream)
      text += event.contentBlockDelta?.delta.text ?? '';
    return text;
  },
});

export const { whole, stream } = callsOf(clientOf({}));
