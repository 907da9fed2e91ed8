import { createAnthropic } from '@ai-sdk/anthropic';
import { callsOf } from './ai-sdk.mjs';

export const { whole, stream } = callsOf(createAnthropic({ apiKey: 'test' })('claude-sonnet-4-5'));
