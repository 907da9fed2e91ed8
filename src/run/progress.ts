import type { Snapshot } from '../domain/snapshot.js';

/** Where progress goes, and how often it can change there. */
export interface ProgressSink {
  readonly isTTY: boolean;
  /** Width of the terminal in characters, as it is now. */
  columns(): number;
  write(text: string): void;
}

const LIVE_MS = 250;
const LOG_MS = 10_000;

/**
 * Shows how a run stands: one line that renews itself on a terminal, else a line every ten seconds when it changed.
 * @returns a function that starts showing snapshots, which returns the one that ends it
 */
export function progressOn(
  sink: ProgressSink,
  lineOf: (snapshot: Snapshot) => string,
): (snapshot: () => Snapshot) => () => void {
  return (snapshot) => {
    let last = '';
    const show = () => {
      const line = lineOf(snapshot());
      if (line === last) return;
      last = line;
      // The cursor stays at the line's start, so that the command's own output takes the line's place.
      // A line that wraps could not be taken back.
      sink.write(sink.isTTY ? `\x1b[2K${line.slice(0, sink.columns() - 1)}\r` : `${line}\n`);
    };
    const timer = setInterval(show, sink.isTTY ? LIVE_MS : LOG_MS);
    timer.unref();
    return () => {
      clearInterval(timer);
      if (sink.isTTY) sink.write('\x1b[2K');
    };
  };
}
