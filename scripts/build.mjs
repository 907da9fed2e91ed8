// Builds dist/: esbuild bundles what is started, and Python's files are copied. Types are `npm run typecheck`'s.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const out = join(root, 'dist');
const MODULE = '{\n  "type": "module"\n}\n';

// An import of node:http makes Node 22 and newer load their fetch at once, as a module is to name all that it exports; by
// require it is loaded where it is used. That is a fifth of what the command line's start takes.
const byRequire = {
  name: 'by-require',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?https?$/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path: path.replace('node:', ''), namespace: 'by-require' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'by-require' }, ({ path }) => ({
      contents: `module.exports = require('node:${path}');`,
    }));
  },
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out);
writeFileSync(join(out, 'package.json'), MODULE);

await bundle(
  { main: 'src/action/main.ts', post: 'src/action/post.ts', 'command-line': 'src/cli/command-line.ts' },
  out,
);
// What users start is small, and loads the command line from beside it.
await bundle({ cli: 'src/cli/entry.ts' }, out, { external: ['./command-line.js'], banner: {} });
// A worker, which loads each of its vocabularies, megabytes, only where that is asked for.
await bundle({ index: 'src/meter/counter-worker.ts' }, join(out, 'counter'), { splitting: true, chunkNames: '[name]' });
// Node's preload must load in any program: of either kind of modules, and by older versions than ours.
await bundle({ preload: 'src/hook/node/preload.ts' }, join(out, 'hook'), {
  format: 'cjs',
  target: 'node18',
  outExtension: { '.js': '.cjs' },
  banner: {},
  plugins: [],
});
cpSync(join(root, 'src/hook/python'), join(out, 'hook/python'), {
  recursive: true,
  filter: (file) => !file.includes('__pycache__'),
});

// Dependencies of the older kind of modules ask for Node's own by `require`, which a module of the newer has not.
function bundle(entryPoints, outdir, options = {}) {
  return build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    legalComments: 'inline',
    // An optional package of `debug`, there or not by what else is installed: dist must not depend on that.
    external: ['supports-color'],
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    plugins: [byRequire],
    logLevel: 'warning',
    ...options,
  });
}
