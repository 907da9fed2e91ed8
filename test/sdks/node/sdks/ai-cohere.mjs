import { createCohere } from '@ai-sdk/cohere';
import { callsOf } from './ai-sdk.mjs';

export const { whole, stream } = callsOf(createCohere({ apiKey: 'test' })('command-a-03-2025'));
