import got from 'got';
import { body, headers, read, URL } from './raw.mjs';

const ask = async (stream) => {
  const { statusCode, body: text } = await got.post(URL, { headers, body: body(stream), throwHttpErrors: false });
  return read(statusCode, text);
};

export const whole = () => ask(false);
export const stream = () => ask(true);
