// Builds dist/: esbuild bundles what is started, and Python's files are copied. Types are `npm run typecheck`'s.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const root = join(import.meta.dirname, '..');
const out = join(root, 'dist');
const MODULE = '{\n  "type": "module"\n}\n';

rmSync(out, { recursive: true, force: true });
mkdirSync(out);
writeFileSync(join(out, 'package.json'), MODULE);

bundle({ main: 'src/action/main.ts', post: 'src/action/post.ts', 'command-line': 'src/cli/command-line.ts' }, out);
// What users start is small, and loads the command line from beside it.
bundle({ cli: 'src/cli/entry.ts' }, out, { external: ['./command-line.js'], banner: {} });
// A worker, which loads each of its vocabularies, megabytes, only where that is asked for.
bundle({ index: 'src/meter/counter-worker.ts' }, join(out, 'counter'), { splitting: true, chunkNames: '[name]' });
// Node's preload must load in any program: of either kind of modules, and by older versions than ours.
bundle({ preload: 'src/hook/node/preload.ts' }, join(out, 'hook'), {
  format: 'cjs',
  target: 'node18',
  outExtension: { '.js': '.cjs' },
  banner: {},
});
cpSync(join(root, 'src/hook/python'), join(out, 'hook/python'), {
  recursive: true,
  filter: (file) => !file.includes('__pycache__'),
});

// Dependencies of the older kind of modules ask for Node's own by `require`, which a module of the newer has not.
function bundle(entryPoints, outdir, options = {}) {
  buildSync({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    legalComments: 'inline',
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    logLevel: 'warning',
    ...options,
  });
}
