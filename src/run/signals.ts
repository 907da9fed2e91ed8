import type { RunningCommand } from './command.js';

/** Signals that a person or a runner sends to end or to inform a command. */
const PASSED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'];
const ENDING = new Set<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']);

/**
 * Passes our signals on to the command's group. One that means to end stops all new spending too, and the command is
 * made to end where it does not by itself: after the grace period, or at once when the signal comes again.
 * @returns the undo
 */
export function forwardSignals(command: RunningCommand, onEnding: () => void, graceMs: number): () => void {
  let asked = 0;
  const timers: NodeJS.Timeout[] = [];
  const pass = (signal: NodeJS.Signals) => {
    command.signal(signal);
    if (!ENDING.has(signal)) return;
    asked += 1;
    onEnding();
    if (asked > 1) void command.stop(1_000);
    else timers.push(setTimeout(() => void command.stop(graceMs), graceMs));
  };
  for (const signal of PASSED) process.on(signal, pass);
  return () => {
    for (const signal of PASSED) process.off(signal, pass);
    for (const timer of timers) clearTimeout(timer);
  };
}
