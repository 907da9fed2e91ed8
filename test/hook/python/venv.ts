/** Virtual environments of Python for tests: made once, from exactly pinned requirements, and kept under `.venvs`. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..', '..', '.venvs');
const UV = 'uv==0.13.9';
/** The lists are whole: each package that is wanted, and no other. */
const LISTED = ['--no-deps', '-r'];
// What is never imported needs no bytecode, and MLflow brings much of that.
const PIP = ['-m', 'pip', 'install', '--quiet', '--no-input', '--no-compile'];

export type VenvName = 'newest' | 'older' | 'mlflow' | 'mlflow-older' | 'class' | 'sdks' | 'bridges' | 'tokenizers';

/** A Python other than the `python3` on PATH, and its version, such as 3.9, which names its environments. */
export interface BasePython {
  readonly version: string;
  readonly path: string;
}

/**
 * The Python of the environment `name`, which is made first where it is missing or its requirements changed: from
 * `base`, or else from the `python3` on PATH. Any number of processes may ask at once. Rejects where there is no such
 * Python or its packages cannot be installed.
 */
export async function venvPython(name: VenvName, base?: BasePython): Promise<string> {
  const requirements = join(here, `requirements-${name}.txt`);
  const wanted = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const folder = join(root, base === undefined ? name : `${name}-${base.version}`);
  const python = join(folder, 'bin', 'python');
  if ((await stampOf(folder)) === wanted) return python;
  return underLock(`${folder}.lock`, async () => {
    if ((await stampOf(folder)) === wanted) return python;
    await make(base?.path ?? 'python3', folder, requirements);
    await writeFile(join(folder, 'stamp'), wanted);
    return python;
  });
}

/**
 * A folder with packages that are read for their data alone: without what they depend on, and whatever Python they ask
 * for, since their own code is plain enough for any.
 */
export async function packageData(python: string, packages: readonly string[]): Promise<string> {
  const folder = join(root, 'data');
  const wanted = createHash('sha256').update(packages.join(' ')).digest('hex');
  return underLock(`${folder}.lock`, async () => {
    if ((await stampOf(folder)) === wanted) return folder;
    await rm(folder, { recursive: true, force: true });
    const into = ['--quiet', '--no-deps', '--python-version', '3.13', '--target', folder];
    await run(await uv(), ['pip', 'install', '--python', python, ...into, ...packages]);
    await writeFile(join(folder, 'stamp'), wanted);
    return folder;
  });
}

/**
 * Where a Python keeps its bytecode, as variables: without any, each process compiles all that it imports, which for
 * MLflow takes longer than most tests. That of environments is kept beside them, so that no source gets a __pycache__;
 * another Python imports little, and keeps none.
 */
export function bytecodeOf(python: string): Readonly<Record<string, string>> {
  if (!python.startsWith(root)) return { PYTHONDONTWRITEBYTECODE: '1' };
  return { PYTHONPYCACHEPREFIX: join(root, 'bytecode') };
}

async function make(base: string, folder: string, requirements: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await run(base, ['-m', 'venv', '--without-pip', folder], { env: ownEnvironment() });
  const python = join(folder, 'bin', 'python');
  try {
    await run(await uv(), ['pip', 'install', '--quiet', '--python', python, ...LISTED, requirements]);
  } catch {
    await installByPip(python, requirements);
  }
}

/**
 * The installer, which makes an environment in seconds where pip takes a minute: a third of all tests' time on a new
 * machine. Rejects where there is none for this platform.
 */
async function uv(): Promise<string> {
  const folder = join(root, 'uv');
  const program = join(folder, 'bin', 'uv');
  return underLock(`${folder}.lock`, async () => {
    if ((await stampOf(folder)) === UV) return program;
    await rm(folder, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', folder], { env: ownEnvironment() });
    await run(join(folder, 'bin', 'python'), [...PIP, UV], { env: ownEnvironment() });
    await writeFile(join(folder, 'stamp'), UV);
    return program;
  });
}

async function installByPip(python: string, requirements: string): Promise<void> {
  await run(python, ['-m', 'ensurepip'], { env: ownEnvironment() });
  await run(python, [...PIP, ...LISTED, requirements], { env: ownEnvironment() });
}

/** Ours, without the hook that these tests themselves may run under: that is not to be tested by them. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  delete environment.TOKEN_BUDGET_HOOK;
  delete environment.PYTHONPATH;
  return environment;
}

async function stampOf(folder: string): Promise<string> {
  return readFile(join(folder, 'stamp'), 'utf8').catch(() => '');
}

/** A directory is the lock, since making one is atomic; a lock whose owner has died is taken over. */
async function underLock<T>(lock: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(lock), { recursive: true });
  while (!(await taken(lock))) await sleep(250);
  try {
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    await writeFile(join(lock, 'pid'), String(process.pid));
    return true;
  } catch {
    const owner = Number(await readFile(join(lock, 'pid'), 'utf8').catch(() => ''));
    if (owner > 0 && !alive(owner)) await rm(lock, { recursive: true, force: true });
    return false;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
