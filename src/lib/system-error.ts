/** Why something could not be written, or read, for a person: what the system said, at which path, and what helps. */

/** What an error number means, and what to do; `where` is what was to be written. */
const CAUSES: Readonly<Record<string, readonly [cause: string, remedy: string]>> = {
  ENOSPC: ['there is no space left on the disk', 'Free some space, or choose a directory on another disk'],
  EDQUOT: ['the quota of this user is used up', 'Free some space, or choose a directory elsewhere'],
  EFBIG: ['the file would be larger than this user may write', 'Raise the limit for files (ulimit -f)'],
  EACCES: ['this user is not allowed to write there', 'Change the permissions, or choose another directory'],
  EPERM: ['this user is not allowed to write there', 'Change the permissions, or choose another directory'],
  EROFS: ['the file system is mounted read only', 'Choose another directory'],
  ENOTDIR: ['there is a file where a directory is needed', 'Move it, or choose another directory'],
  EEXIST: ['there is a file where a directory is needed', 'Move it, or choose another directory'],
  EISDIR: ['there is a directory where a file is needed', 'Move it, or choose another directory'],
  ENAMETOOLONG: ['the path is too long', 'Choose a shorter one'],
  ENOENT: ['the directory does not exist', 'Create it, or choose another'],
  ELOOP: ['its symlinks form a loop', 'Choose another directory'],
  EMFILE: ['this process has too many files open', 'Raise the limit for open files (ulimit -n)'],
  ENFILE: ['the system has too many files open', 'Try again later'],
  EIO: ['the disk failed', 'Choose a directory on another disk'],
};

/** `no space is left on the disk (ENOSPC). Free some, …`: cause and remedy, without an end; an error's own words where it is not a system's. */
export function causeWords(error: unknown): string {
  const code = codeOf(error);
  const known = code === undefined ? undefined : CAUSES[code];
  if (known) return `${known[0]} (${code ?? ''}). ${known[1]}`;
  return error instanceof Error ? error.message : String(error);
}

/** One sentence or two for an error of the file system that nobody foresaw; undefined for any other error. */
export function systemWords(error: unknown): string | undefined {
  const code = codeOf(error);
  if (code === undefined || !(error instanceof Error) || !('syscall' in error)) return undefined;
  const path = 'path' in error ? String(error.path) : '';
  return `${path === '' ? String(error.syscall) : path}: ${causeWords(error)}`;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
