import { spawn } from 'node:child_process';

/**
 * Ends a process group when this process dies, however it dies: a shell in a session of its own waits on a pipe that
 * only we hold open. Cancelling is the normal way out.
 */
export interface Watchdog {
  cancel(): void;
}

/** The shell's whole life: no line means that we are gone. */
const SCRIPT = 'read -r line || { kill -TERM -"$1"; sleep 5; kill -KILL -"$1"; } 2>/dev/null';

/** @param group process group to end */
export function watch(group: number): Watchdog {
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'token-budget-watchdog', String(group)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
  });
  // A machine without /bin/sh runs without the watchdog; the gateway's end still stops all spending.
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  return { cancel: () => void shell.stdin.end('done\n') };
}
