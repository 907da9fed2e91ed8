/** Where a file of the workspace stands in its repository: a checkout may lie in a sub-folder of the workspace. */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** A path as the repository has it, with slashes; or why there is none, in words that follow the file's name. */
export type Place = { readonly path: string } | { readonly problem: string; readonly outside: boolean };

/**
 * @param file as the workflow spells it: relative to the workspace, with `./` or `..` in it, or absolute
 * @param repositories `owner/repo` of those that a checkout may be of: the pull request's base and head
 */
export function placeInRepository(workspace: string, file: string, repositories: readonly string[]): Place {
  const path = within(workspace, file);
  if (path === undefined) return { problem: 'is outside the workspace', outside: true };
  const root = checkoutOf(dirname(path), workspace);
  const git = join(root, '.git');
  if (existsSync(git) && !statSync(git).isDirectory() && /[\\/]modules[\\/]/.test(readFileSync(git, 'utf8'))) {
    return { problem: 'is in a submodule', outside: false };
  }
  const origin = originIn(join(git, 'config'));
  if (origin !== undefined && !repositories.some((name) => name.toLowerCase() === origin.toLowerCase())) {
    return { problem: `is in a checkout of ${origin}`, outside: false };
  }
  return { path: relative(root, path).split(sep).join('/') };
}

/** The absolute path below the workspace; undefined where it is not below it, by either's real name too. */
function within(workspace: string, file: string): string | undefined {
  const path = resolve(workspace, file);
  if (isBelow(workspace, path)) return path;
  if (!existsSync(dirname(path)) || !existsSync(workspace)) return undefined;
  const below = relative(realpathSync(workspace), join(realpathSync(dirname(path)), basename(path)));
  const real = join(workspace, below);
  return !isAbsolute(below) && isBelow(workspace, real) ? real : undefined;
}

function isBelow(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The nearest directory above that git made, else the workspace: a checkout by download has no `.git`. */
function checkoutOf(directory: string, workspace: string): string {
  if (existsSync(join(directory, '.git')) || !isBelow(workspace, directory)) {
    return existsSync(join(directory, '.git')) ? directory : workspace;
  }
  return checkoutOf(dirname(directory), workspace);
}

/** `owner/repo` of a checkout's remote; undefined where it names none that could be told. */
function originIn(config: string): string | undefined {
  if (!existsSync(config)) return undefined;
  const [, url = ''] = /\[remote "origin"\][^[]*?\n\s*url\s*=\s*(\S+)/.exec(readFileSync(config, 'utf8')) ?? [];
  return /^(?:https?:\/\/|ssh:\/\/|[\w.-]+@).*[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(url)?.[1];
}
