/**
 * Exit statuses of our own; a run that stays within its budget ends with its command's. `unwritten` is of commands that
 * are there to write files.
 */
export const EXIT = { ok: 0, unwritten: 1, badPolicy: 2, exceeded: 3, enforcement: 4 } as const;
