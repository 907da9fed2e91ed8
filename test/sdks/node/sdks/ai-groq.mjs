import { createGroq } from '@ai-sdk/groq';
import { callsOf } from './ai-sdk.mjs';

export const { whole, stream } = callsOf(createGroq({ apiKey: 'test' })('llama-3.3-70b-versatile'));
