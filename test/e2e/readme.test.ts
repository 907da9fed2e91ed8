/** What the README shows of the demo is what the demo prints. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

test('the README shows lines that the demo prints', async () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, shown = ''] = /^```\n(row [^]*?)^```$/m.exec(readme) ?? [];
  const lines = shown.split('\n').filter((line) => line !== '' && line !== '…');
  expect(lines.length).toBeGreaterThan(4);
  const reportDir = mkdtempSync(join(tmpdir(), 'tb-readme-'));
  const command = [join(ROOT, 'dist/cli.js'), 'demo', '--report-dir', reportDir];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, command);
  expect(`${stdout}\n${stderr}`.split('\n')).toEqual(expect.arrayContaining(lines));
});
