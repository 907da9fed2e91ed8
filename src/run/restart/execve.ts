import type { Environment } from '../../lib/environment.js';

/** Replaces this process by a program; undefined before Node 22.15, whose types ours are, and of no use on Windows. */
const execve: unknown = process.platform === 'win32' ? undefined : Reflect.get(process, 'execve');

/** Whether this process can be started over. */
export const canStartOver = typeof execve === 'function';

/**
 * Starts this process over: the same program and words, under other options of Node and another environment. It keeps its
 * id and its standard streams, and nothing else that it holds open. Returns where it cannot be done.
 */
export function startOver(options: readonly string[], env: Environment): void {
  if (typeof execve !== 'function') return;
  const args = [process.execPath, ...options, ...process.argv.slice(1)];
  Reflect.apply(execve, process, [process.execPath, args, env]);
}
