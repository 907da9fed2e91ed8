// Calls with the keys of the environment, as the official clients take them; prints what came of each.
import OpenAI from 'openai';
import Anthropic from '@anthropic-ai/sdk';

const messages = [{ role: 'user', content: 'What is the capital of France?' }];
const chat = await new OpenAI().chat.completions.create({ model: 'gpt-4o', messages, max_tokens: 60 });
console.log('openai', chat.choices[0].message.content);
const message = await new Anthropic().messages.create({ model: 'claude-sonnet-4-5', messages, max_tokens: 60 });
console.log('anthropic', message.content[0].text);
const wrong = new OpenAI({ apiKey: process.env.ANTHROPIC_API_KEY });
console.log('wrong', await wrong.models.list().catch((error) => error.message));
const own = new OpenAI({ apiKey: 'sk-brought-along' });
console.log('own', (await own.models.list()).data.length);
