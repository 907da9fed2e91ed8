import type { Readable, Writable } from 'node:stream';
import type { Eventually } from '../lib/eventually.js';
import type { Pieces } from '../lib/byte-chunks.js';

/**
 * Gives each chunk of a body to `take`, the next one after what it returned. Rejects where the body breaks off, and where
 * `take` fails, which ends the body. Reads by events: for a short answer, iterating over the stream takes a tenth of the
 * whole call's time.
 */
export function eachChunk(body: Readable, take: (chunk: Buffer) => Eventually<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let ended = false;
    const fail = (error: unknown) => {
      body.destroy();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const brokenOff = () => {
      if (!ended) reject(new Error('the body broke off'));
    };
    if (body.destroyed) brokenOff();
    body.on('error', fail).on('close', brokenOff);
    body.on('end', () => {
      ended = true;
      resolve();
    });
    body.on('data', (chunk: Buffer) => {
      try {
        const taken = take(chunk);
        if (!(taken instanceof Promise)) return;
        body.pause();
        taken.then(() => body.resume(), fail);
      } catch (error) {
        fail(error);
      }
    });
  });
}

/** Sends a request's body, which may be none: one that was read in its pieces, any other as it comes. */
export function sendBody(request: Writable, body: Pieces | Readable | undefined): void {
  if (body !== undefined && 'pipe' in body) {
    body.pipe(request);
    return;
  }
  const pieces = body ?? [];
  for (const piece of pieces.slice(0, -1)) request.write(piece);
  request.end(pieces.at(-1));
}
