import { expect, it } from 'vitest';
import { SECRET } from './gateway.js';
import { program, resultOf, runPython } from './python.js';

const PATTERNS = {
  tls: ['api.openai.com', '*.openai.azure.com', 'eu-*.LLM.corp', 'llm.corp:8443', 'many.example:*', '[::1]:9000'],
  plain: ['127.0.0.1:11434', 'ollama', '::1'],
};

const TABLE: readonly (readonly [string, string, number | null, string | null])[] = [
  ['https', 'api.openai.com', 443, 'https api.openai.com:443'],
  ['https', 'API.OpenAI.com', null, 'https api.openai.com:443'],
  ['https', 'api.openai.com.', 443, 'https api.openai.com:443'],
  ['https', 'api.openai.com', 444, null],
  ['http', 'api.openai.com', 443, null],
  ['https', 'api.openai.com.evil.example', 443, null],
  ['https', 'xapi.openai.com', 443, null],
  ['https', 'apixopenai.com', 443, null],
  ['https', 'me.openai.azure.com', 443, 'https me.openai.azure.com:443'],
  ['https', 'a.b.openai.azure.com', 443, 'https a.b.openai.azure.com:443'],
  ['https', 'openai.azure.com', 443, null],
  ['https', 'eu-west.llm.corp', 443, 'https eu-west.llm.corp:443'],
  ['https', 'eu-.llm.corp', 443, 'https eu-.llm.corp:443'],
  ['https', 'eu.llm.corp', 443, null],
  ['https', 'llm.corp', 8443, 'https llm.corp:8443'],
  ['https', 'llm.corp', 443, null],
  ['https', 'many.example', 1234, 'https many.example:1234'],
  ['https', '::1', 9000, 'https [::1]:9000'],
  ['http', '127.0.0.1', 11434, 'http 127.0.0.1:11434'],
  ['http', '127.0.0.1', 80, null],
  ['http', 'ollama', null, 'http ollama:80'],
  ['http', '::1', 80, 'http [::1]:80'],
  ['https', 'bücher.example', 443, null],
  ['https', '', 443, null],
];

it('routes exactly the hosts and ports that a pattern covers', async () => {
  const questions = TABLE.map(([scheme, host, port]) => [scheme, host, port]);
  const hook = { port: 1, secret: SECRET, ...PATTERNS };
  const args = [program('routes.py'), JSON.stringify(questions)];
  const routes = (await resultOf({ python: 'python3', args, hook })) as unknown[];
  expect(TABLE.map((row, index) => [...row.slice(0, 3), routes[index]])).toEqual(TABLE);
});

it('never writes a host with a line end into a preamble', async () => {
  const args = [program('routes.py'), JSON.stringify([['https', 'x\r\ny.openai.azure.com', 443]])];
  const ended = await runPython({ python: 'python3', args, hook: { port: 1, secret: SECRET, ...PATTERNS } });
  expect(ended.status).toBe(1);
  expect(ended.stderr).toContain('control character');
});
