/** Why something could not be written, or read, for a person: what the system said, at which path, and what helps. */

/** What an error number means, and what to do; `where` is what was to be written. */
const CAUSES: Readonly<Record<string, readonly [cause: string, remedy: string]>> = {
  ENOSPC: ['there is no space left on the disk', 'Free some, or choose a directory on another disk'],
  EDQUOT: ['the quota of this user is used up', 'Free some space, or choose a directory elsewhere'],
  EFBIG: ['the file would be larger than this user may write', 'Raise the limit for files (ulimit -f)'],
  EACCES: ['this user may not write there', 'Give it the right to, or choose another directory'],
  EPERM: ['this user may not write there', 'Give it the right to, or choose another directory'],
  EROFS: ['the file system can only be read', 'Choose another directory'],
  ENOTDIR: ['a file stands where a directory is needed', 'Move it away, or choose another directory'],
  EEXIST: ['a file stands where a directory is needed', 'Move it away, or choose another directory'],
  EISDIR: ['a directory stands where a file is needed', 'Move it away, or choose another directory'],
  ENAMETOOLONG: ['the path is too long', 'Choose a shorter one'],
  ENOENT: ['there is no such directory', 'Make it, or choose another'],
  ELOOP: ['its links lead in a circle', 'Choose another directory'],
  EMFILE: ['this process has too many files open', 'Raise the limit for open files (ulimit -n)'],
  ENFILE: ['the system has too many files open', 'Try again later'],
  EIO: ['the disk failed', 'Choose a directory on another disk'],
};

/** `no space is left on the disk (ENOSPC). Free some, …`: cause and remedy, without an end; an error's own words where it is no system's. */
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
