import { createMistral } from '@ai-sdk/mistral';
import { callsOf } from './ai-sdk.mjs';

export const { whole, stream } = callsOf(createMistral({ apiKey: 'test' })('mistral-small-latest'));
