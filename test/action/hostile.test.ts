/** A command and a workspace that mean harm to the action. */
import { symlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStand, POLICY } from './stand.js';

test('a command that guesses the token ends nothing: its workflow commands stay text', async () => {
  const { run } = await openStand();
  const script = [
    'for token in "" stop token-budget 00000000-0000-0000-0000-000000000000 "$GITHUB_RUN_ID" "$RUNNER_TRACKING_ID"; do',
    '  echo "::$token::"; echo "::error title=forged::forged"; echo "::warning::forged"; echo "::add-mask::within"',
    'done',
    // Within a line that ours would end, and by the older form.
    'for i in $(seq 200); do echo "::$(od -An -N16 -tx1 /dev/urandom | tr -d " \\n")::"; done',
    'echo "##[error]forged"; printf "::set-output name=verdict::forged"',
  ].join('\n');
  const result = await run({ inputs: { run: script } });
  expect(result.outcome).toBe('success');
  expect(result.annotations.filter(({ message }) => message.includes('forged'))).toEqual([]);
  expect(result.masks).not.toContain('within');
  expect(result.outputs).toMatchObject({ verdict: 'within' });
});

test.each(['/proc/self/environ', '/proc/self/cmdline', '/etc/shadow', '/dev/zero', '/'])(
  'a policy that is a link to %s starts nothing and tells nothing of what is there',
  async (target) => {
    const { run, workspace } = await openStand();
    rmSync(join(workspace, POLICY));
    symlinkSync(target, join(workspace, POLICY));
    const key = 'sk-canary-0123456789abcdef';
    const result = await run({ inputs: { policy: POLICY, run: 'echo started' }, env: { OPENAI_API_KEY: key } });
    expect(result.outcome).toBe('failure');
    const told = JSON.stringify([result.lines, result.annotations, result.outputs, result.summaries]);
    expect(told).not.toContain('started');
    expect(told).not.toMatch(/sk-canary|main\.js|root:/);
  },
);
