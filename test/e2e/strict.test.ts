import { expect, test } from 'vitest';
import { runUnder } from './harness.js';

const POST = `const answer = await fetch(process.argv[1], { method: 'POST', body: '{}' }).catch((e) => ({ status: String(e.cause?.code ?? e) }));
console.log(answer.status);`;

test('under strict metering a request to a host that looks like a provider is refused where it cannot be metered', async () => {
  const policy = 'version: 1\nlimits: { tokens: 1M }\nmetering: strict\n';
  const command = [process.execPath, '--input-type=module', '-e', POST, 'https://api.novita.ai/v3/async/txt2img'];
  const { stdout, report } = await runUnder(policy, command);
  expect(stdout.trim()).toBe('402');
  expect(report.calls).toMatchObject([{ host: 'api.novita.ai', outcome: 'refused', reason: 'unmetered' }]);
  expect(report.verdict).toBe('exceeded');
});

test('by default it goes where it would have gone, and the report names it', async () => {
  const policy = 'version: 1\nlimits: { tokens: 1M }\n';
  // Nobody answers at this name, and it looks like a provider all the same.
  const command = [process.execPath, '--input-type=module', '-e', POST, 'https://llm.invalid/v1/generate'];
  const { report, markdown } = await runUnder(policy, command);
  expect(report.calls).toEqual([]);
  expect(report.notices).toMatchObject([{ code: 'unseen', text: expect.stringContaining('llm.invalid') as string }]);
  expect(markdown).toContain('llm.invalid');
});
