// Puts secrets in every place of a request that a client controls. Writes all that it used, the key of its own environment
// (a placeholder, under custody) among them, to $USED.
import { writeFileSync } from 'node:fs';

const secrets = [process.env.OPENAI_API_KEY, ...(process.env.SECRETS ?? '').split(' ')].filter(Boolean);
writeFileSync(process.env.USED, JSON.stringify(secrets));

const post = (url, body, headers = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(5000),
  })
    .then((answer) => answer.text())
    .catch(() => undefined);

const OPENAI = 'https://api.openai.com';
const chat = (model, more = {}) => ({ model, max_tokens: 5, messages: [{ role: 'user', content: 'hi' }], ...more });

for (const secret of secrets) {
  const segment = encodeURIComponent(secret);
  await post(`${OPENAI}/v1/chat/completions`, chat(secret));
  await post(`${OPENAI}/v1/chat/completions`, chat(`vendor/${secret}`, { stream: true }));
  await post(`${OPENAI}/v1/chat/completions`, chat('answers-with-another'));
  await post(`${OPENAI}/v1/responses`, { model: secret, input: 'hi', service_tier: secret, max_output_tokens: 5 });
  await post(`${OPENAI}/openai/deployments/${segment}/chat/completions?api-version=${segment}`, chat(undefined));
  await post(`${OPENAI}/v1/${segment}/unknown?key=${segment}`, chat(secret));
  const gemini = `https://generativelanguage.googleapis.com/v1beta/models/${segment}:generateContent?key=${segment}`;
  await post(gemini, { contents: [{ parts: [{ text: 'hi' }] }] });
  // A run of letters and digits is what ids of rows, and names of hosts, look like.
  if (/^[A-Za-z0-9]+$/.test(secret)) continue;
  const headers = { authorization: `Basic ${secret}`, 'x-odd': secret, 'x-token-budget-context': `predict ${secret}` };
  await post(`${OPENAI}/v1/chat/completions`, chat('gpt-4o', { user: secret }), headers);
  await post(`https://${segment.replace(/[^\w-]/g, '-').slice(0, 50)}-aiplatform.googleapis.com/v1/x`, chat(secret));
  await post(`https://llm.${segment.replace(/[^\w-]/g, '-').slice(0, 60)}.example/v1/chat/completions`, chat(secret));
}
