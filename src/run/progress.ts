import type { Snapshot } from '../domain/snapshot.js';

/** Where progress goes, and how often it can change there. */
export interface ProgressSink {
  readonly isTTY: boolean;
  /** Size of the terminal in characters, as it is now. */
  size(): { readonly rows: number; readonly columns: number };
  write(text: string): void;
}

/** Shows snapshots; the function it returns ends that. */
export type Progress = (snapshot: () => Snapshot) => () => void;

const LIVE_MS = 250;
const LOG_MS = 10_000;

/** Shows how a run stands: one line that renews itself on a terminal, else a line every ten seconds when it changed. */
export function progressOn(sink: ProgressSink, lineOf: (snapshot: Snapshot) => string): Progress {
  return (snapshot) => {
    const screen = sink.isTTY ? statusLine(sink) : logLines(sink);
    let last = '';
    const show = () => {
      const line = lineOf(snapshot());
      if (line !== last) screen.show(line);
      last = line;
    };
    const timer = setInterval(show, sink.isTTY ? LIVE_MS : LOG_MS);
    timer.unref();
    return () => {
      clearInterval(timer);
      screen.end();
    };
  };
}

interface Screen {
  show(line: string): void;
  end(): void;
}

function logLines(sink: ProgressSink): Screen {
  return {
    show: (line) => {
      sink.write(`${line}\n`);
    },
    end: () => undefined,
  };
}

const SAVE = '\x1b7';
const RESTORE = '\x1b8';
const WHOLE_SCREEN = '\x1b[r';
const ERASE_LINE = '\x1b[2K';
const UP = '\x1b[1A';

const row = (number: number) => `\x1b[${number};1H`;
const scrollRows = (first: number, last: number) => `\x1b[${first};${last}r`;

/**
 * Keeps the last row of the terminal for the line and lets the command's output scroll above it (DECSTBM), so that the
 * two never mix although both write to the same terminal.
 */
function statusLine(sink: ProgressSink): Screen {
  let rows = 0;
  const reserve = () => {
    if (rows === sink.size().rows) return;
    // A first line feed makes room where the cursor stands in the last row.
    const room = rows === 0 ? '\n' : '';
    rows = sink.size().rows;
    sink.write(`${room}${SAVE}${scrollRows(1, rows - 1)}${RESTORE}${room === '' ? '' : UP}`);
  };
  return {
    show: (line) => {
      reserve();
      // A line that wraps would scroll the whole screen.
      sink.write(`${SAVE}${row(rows)}${ERASE_LINE}${line.slice(0, sink.size().columns - 1)}${RESTORE}`);
    },
    end: () => {
      if (rows > 0) sink.write(`${SAVE}${WHOLE_SCREEN}${row(rows)}${ERASE_LINE}${RESTORE}`);
    },
  };
}
