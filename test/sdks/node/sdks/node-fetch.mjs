import fetch from 'node-fetch';
import { body, headers, read, URL } from './raw.mjs';

const ask = async (stream) => {
  const answer = await fetch(URL, { method: 'POST', headers, body: body(stream) });
  return read(answer.status, await answer.text());
};

export const whole = () => ask(false);
export const stream = () => ask(true);
