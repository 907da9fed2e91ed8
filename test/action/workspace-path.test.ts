import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { refuseLinkOut } from '../../src/action/workspace-path.js';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'tb-inside-')));
const workspace = join(root, 'workspace');
mkdirSync(join(workspace, 'sub', 'deep'), { recursive: true });
mkdirSync(join(root, 'workspace-of-another'));
writeFileSync(join(root, 'secret'), '');
writeFileSync(join(workspace, 'policy.yml'), '');
for (const [name, target] of [
  ['out', '..'],
  ['far', '/etc'],
  ['proc', '/proc/self'],
  ['file', '../secret'],
  ['twin', '../workspace-of-another'],
  ['sub/up', '../..'],
  ['chain', 'out'],
  ['inner', 'sub'],
  ['own.yml', 'policy.yml'],
] as const)
  symlinkSync(target, join(workspace, name));

const ends = ['', '/policy.yml', '/a/b/c', '/./x', '/x/../y', '/report'];
const outside = ['out', 'far', 'proc', 'twin', 'sub/up', 'chain', 'inner/up', './out', 'sub/../far'].flatMap((link) =>
  ends.map((end) => `${link}${end}`),
);

test(`${outside.length + 1} paths through links are refused where they leave the workspace`, () => {
  expect(outside.length).toBeGreaterThan(50);
  for (const path of [...outside, 'file']) {
    expect(() => {
      refuseLinkOut(workspace, resolve(workspace, path), 'the policy p');
    }, path).toThrow('the policy p resolves outside the workspace through a symlink');
  }
});

test.each(['policy.yml', 'own.yml', 'inner/deep', 'not/there/yet', 'sub/..', '.', '../secret', '/etc/hosts', '..x'])(
  '%s is let pass',
  (path) => {
    expect(() => {
      refuseLinkOut(workspace, resolve(workspace, path), 'the policy p');
    }).not.toThrow();
  },
);
