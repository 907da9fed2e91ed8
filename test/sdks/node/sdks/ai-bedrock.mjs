import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { callsOf } from './ai-sdk.mjs';

const bedrock = createAmazonBedrock({ region: 'us-east-1', accessKeyId: 'AKIATEST', secretAccessKey: 'test' });
export const { whole, stream } = callsOf(bedrock('amazon.nova-lite-v1:0'));
