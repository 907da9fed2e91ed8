import { parseObject, textOf, type JsonObject } from '../../lib/json.js';
import type { Reported, StreamReader } from './dialect.js';

/**
 * Follows a stream of typed events of which the last has the usage. More than one may come (a picture each): theirs is
 * the sum as `add` makes it, so that the stream's end alone shows that it is whole.
 */
export class TypedStream implements StreamReader {
  reported: Reported | undefined;
  readonly #last: ReadonlySet<string>;
  readonly #read: (event: JsonObject, before: Reported | undefined) => Reported | undefined;
  #seen = false;

  constructor(
    last: ReadonlySet<string>,
    read: (event: JsonObject, before: Reported | undefined) => Reported | undefined,
  ) {
    this.#last = last;
    this.#read = read;
  }

  event(data: string): boolean {
    const event = parseObject(data);
    if (!event || !this.#last.has(textOf(event.type) ?? '')) return false;
    this.#seen = true;
    this.reported = this.#read(event, this.reported);
    return false;
  }

  isWhole(): boolean {
    return this.#seen;
  }
}
