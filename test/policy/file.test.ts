import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PolicyError } from '../../src/domain/errors.js';
import { MAX_BYTES } from '../../src/policy/file.js';
import { readPolicyFile } from '../../src/policy/load.js';

let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'policy-'));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function complaint(path: string): string {
  try {
    readPolicyFile(path);
    return '';
  } catch (error) {
    if (error instanceof PolicyError) return error.message;
    throw error;
  }
}

describe('reading a policy file', () => {
  test('gives its policy, named as the user named it', () => {
    const path = join(directory, 'good.yml');
    writeFileSync(path, 'version: 1\nlimits: { calls: 2 }\n');
    expect(readPolicyFile(path).policy.limits).toMatchObject([{ ceiling: 2, at: `${path}:2:18` }]);
  });

  test('follows a link to a file', () => {
    const path = join(directory, 'link.yml');
    writeFileSync(join(directory, 'target.yml'), 'version: 1\nlimits: { calls: 2 }\n');
    symlinkSync('target.yml', path);
    expect(readPolicyFile(path).policy.file).toBe(path);
  });

  test('says that the file does not exist, and how to create one', () => {
    const path = join(directory, 'none.yml');
    expect(complaint(path)).toMatch(/none\.yml:1:1: the file does not exist\. .*token-budget init/);
  });

  test('refuses a directory', () => {
    expect(complaint(directory)).toContain('this is not a regular file');
  });

  test('refuses a pipe without waiting for a writer', () => {
    const path = join(directory, 'pipe');
    execFileSync('/usr/bin/env', ['mkfifo', path]);
    expect(complaint(path)).toContain('this is not a regular file');
  });

  test('refuses a device', () => {
    expect(complaint('/dev/zero')).toContain('this is not a regular file');
  });

  test('refuses a huge file by its size, without reading it', () => {
    const path = join(directory, 'huge.yml');
    writeFileSync(path, '');
    truncateSync(path, 2 ** 40);
    expect(complaint(path)).toContain('larger than 64 KiB');
  });

  test('accepts 64 KiB', () => {
    const path = join(directory, 'large.yml');
    writeFileSync(path, `version: 1\n#${'x'.repeat(MAX_BYTES - 12)}`);
    expect(complaint(path)).toBe('');
  });

  test('names the line of a byte that is no UTF-8', () => {
    const path = join(directory, 'latin.yml');
    writeFileSync(path, Buffer.from('version: 1\n# é\nrun: \xe9\n', 'latin1'));
    expect(complaint(path)).toContain('latin.yml:2:1: the file is not UTF-8 text');
  });
});
