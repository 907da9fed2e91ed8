import { Latch, type Signal } from '../lib/one-shot-signal.js';
import type { Reply } from './message.js';

/**
 * Signals for the client's going away before it has its answer, and for the end of the time that follows.
 * @param drainMs how long that time is, in ms
 */
export function whenGone(response: Reply, drainMs: number): { readonly gone: Signal; readonly giveUp: Signal } {
  const gone = new Latch();
  const giveUp = new Latch();
  const leave = () => {
    if (response.writableFinished) return;
    gone.fire();
    setTimeout(() => {
      giveUp.fire();
    }, drainMs).unref();
  };
  if (response.destroyed) leave();
  else response.once('close', leave);
  return { gone, giveUp };
}
