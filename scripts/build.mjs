// Builds dist/: tsc → build, ncc bundles the entries, esbuild bundles Node's preload, Python's files are copied.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';

const root = join(import.meta.dirname, '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);
const out = join(root, 'dist');

rmSync(join(root, 'build'), { recursive: true, force: true });
rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, 'hook'), { recursive: true });

execFileSync(bin('tsc'), ['-p', root], { stdio: 'inherit' });
for (const entry of ['cli/command-line', 'action/main', 'action/post']) {
  bundle(entry, out);
  renameSync(join(out, 'index.js'), join(out, `${basename(entry)}.js`));
}
// What users start is small, and loads the command line from beside it.
buildSync({
  entryPoints: [join(root, 'src/cli/entry.ts')],
  outfile: join(out, 'cli.js'),
  bundle: true,
  external: ['./command-line.js'],
  platform: 'node',
  format: 'esm',
  target: 'node20',
});
bundle('meter/counter-worker', join(out, 'counter'));
buildSync({
  entryPoints: [join(root, 'src/hook/node/preload.ts')],
  outfile: join(out, 'hook/preload.cjs'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node18',
  legalComments: 'none',
});
cpSync(join(root, 'src/hook/python'), join(out, 'hook/python'), {
  recursive: true,
  filter: (file) => !file.includes('__pycache__'),
});

// ncc writes index.js and, for lazy imports, numbered chunks beside it, which none of those in dist itself has.
function bundle(entry, directory) {
  execFileSync(bin('ncc'), ['build', join(root, 'build', `${entry}.js`), '-o', directory, '--quiet'], {
    stdio: 'inherit',
  });
}
