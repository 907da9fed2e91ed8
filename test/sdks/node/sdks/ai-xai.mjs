import { createXai } from '@ai-sdk/xai';
import { callsOf } from './ai-sdk.mjs';

export const { whole, stream } = callsOf(createXai({ apiKey: 'test' })('grok-4'));
