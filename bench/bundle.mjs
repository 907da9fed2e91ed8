// Parts of src as they are, bundled: what is measured without HTTP and without a process is measured on the real thing.
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { ROOT } from './setting.mjs';

/** Loads all exports of some source files by way of a bundle at `outfile`. */
export function bundled(outfile, sources) {
  const contents = sources.map((source) => `export * from '${source}';`).join('\n');
  const stdin = { contents, resolveDir: ROOT };
  buildSync({ stdin, outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' });
  return import(pathToFileURL(outfile).href);
}
