import { expect, test } from 'vitest';
import { maskArgv } from '../../src/run/mask.js';

test.each([
  [
    ['python', 'eval.py', '--api-key', 'abc123'],
    ['python', 'eval.py', '--api-key', '***'],
  ],
  [
    ['node', 'e.js', '--key=abc123'],
    ['node', 'e.js', '--key=***'],
  ],
  [
    ['env', 'OPENAI_API_KEY=sk-proj-0123456789', 'node'],
    ['env', 'OPENAI_API_KEY=***', 'node'],
  ],
  [
    ['curl', '-H', 'Authorization: Bearer sk-ant-0123456789abc'],
    ['curl', '-H', 'Authorization: ***'],
  ],
  [
    ['bash', '-c', "TOKEN='a b c' run && echo sk-proj-0123456789"],
    ['bash', '-c', 'TOKEN=*** run && echo ***'],
  ],
  [
    ['hub', 'ghp_0123456789abcdef'],
    ['hub', '***'],
  ],
])('%j is kept as %j', (argv, masked) => {
  expect(maskArgv(argv)).toEqual(masked);
});

test.each([
  [['eval', '--max-tokens', '100']],
  [['eval', '--max-tokens=100', '--num_tokens=5']],
  [['node', 'monkey.js']],
])('%j names no secret and stays as it is', (argv) => {
  expect(maskArgv(argv)).toEqual(argv);
});
