import { createOpenAI } from '@ai-sdk/openai';
import { callsOf } from './ai-sdk.mjs';

export const { whole, stream } = callsOf(createOpenAI({ apiKey: 'sk-test' })('gpt-4o'));
