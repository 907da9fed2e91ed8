import { existsSync, realpathSync } from 'node:fs';
import { dirname, relative, isAbsolute } from 'node:path';
import { UsageError } from '../domain/errors.js';

/**
 * Lets pass what lies in the workspace, and what the workflow itself names elsewhere. What is checked out may hold links,
 * and whoever wrote those must not choose which file of the runner is read or written.
 * @param path absolute; it need not exist
 * @param what names it in the error
 * @throws UsageError where links lead a path in the workspace out of it
 */
export function refuseLinkOut(workspace: string, path: string, what: string): void {
  if (!isWithin(workspace, path)) return;
  if (!isWithin(realpathSync(workspace), realpathSync(existing(path)))) {
    throw new UsageError(`${what} resolves outside the workspace through a symlink`);
  }
}

function existing(path: string): string {
  return existsSync(path) ? path : existing(dirname(path));
}

function isWithin(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way);
}
