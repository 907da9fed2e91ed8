/** Runs small programs as real Node processes under the hook, bundled from its sources as the build bundles it. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Runner {
  /** The bundled preload, in a directory with a space in its name. */
  readonly preload: string;
  readonly run: (program: string, options?: RunOptions) => Promise<Outcome>;
}

interface RunOptions {
  /** Variables over those of the hook; undefined removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The Node binary; this one by default. */
  readonly node?: string;
  /** Where imports are looked up; the repository by default. */
  readonly cwd?: string;
  readonly args?: readonly string[];
}

/** A runner whose programs find the gateway by this hook configuration. */
export function runnerFor(hook: () => string): Runner {
  const preload = join(mkdtempSync(join(tmpdir(), 'token budget ')), 'preload.cjs');
  buildSync({
    entryPoints: [join(ROOT, 'src/hook/node/preload.ts')],
    outfile: preload,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node18',
  });
  return {
    preload,
    run: (program, options = {}) => {
      const env = { ...BARE, NODE_OPTIONS: `--require "${preload}"`, TOKEN_BUDGET_HOOK: hook(), ...options.env };
      return runNode([...(options.args ?? []), '--input-type=module', '-e', program], { ...options, env });
    },
  };
}

/** Runs Node to its end with exactly this environment. */
async function runNode(args: readonly string[], options: RunOptions): Promise<Outcome> {
  const child = spawn(options.node ?? process.execPath, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, stdout: Buffer.concat(stdout).toString().trim(), stderr: Buffer.concat(stderr).toString().trim() };
}

/**
 * The Node binaries at hand, one of each major version: the one that runs the tests, the machine's own (which `npx` hides
 * behind an installed one) and those that are installed for these tests.
 */
export function nodeBinaries(): { name: string; major: number; node: string }[] {
  const directories = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.includes('node_modules'));
  const installed = ['node22', 'node24'].map((name) => join(ROOT, `test/runtimes/node_modules/${name}/bin`));
  const found = [...directories, ...installed].map((entry) => join(entry, 'node')).filter((node) => existsSync(node));
  const byMajor = new Map([process.execPath, ...found].map((node) => [majorOf(node), node]));
  return Array.from(byMajor, ([major, node]) => ({ name: `Node ${major}`, major, node }));
}

function majorOf(node: string): number {
  return Number(execFileSync(node, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }));
}

const BARE = { PATH: process.env.PATH, HOME: process.env.HOME };

/** The HTTP clients, SDKs and mocking libraries that the hook is tried with. */
export const CLIENTS = join(ROOT, 'test/hook/node/clients');
