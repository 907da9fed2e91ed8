import { Agent, request } from 'undici';
import { body, headers, read, URL } from './raw.mjs';

const dispatcher = new Agent();

const ask = async (stream) => {
  const answer = await request(URL, { method: 'POST', headers, body: body(stream), dispatcher });
  return read(answer.statusCode, await answer.body.text());
};

export const whole = () => ask(false);
export const stream = () => ask(true);
