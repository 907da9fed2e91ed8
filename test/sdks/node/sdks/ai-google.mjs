import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { callsOf } from './ai-sdk.mjs';

export const { whole, stream } = callsOf(createGoogleGenerativeAI({ apiKey: 'test' })('gemini-2.5-flash'));
