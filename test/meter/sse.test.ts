import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sseData, SseSplitter } from '../../src/meter/sse.js';
import { cutAt, everyCut } from './streams.js';

function split(chunks: readonly Buffer[], maxBlock?: number): { blocks: string[]; rest: string } {
  const splitter = new SseSplitter(maxBlock);
  const blocks = chunks.flatMap((chunk) => splitter.push(chunk)).map(String);
  return { blocks, rest: String(splitter.rest()) };
}

describe('the splitter', () => {
  it.each([
    ['LF', 'a\n\nb\n\n', ['a\n\n', 'b\n\n'], ''],
    ['CRLF', 'a\r\n\r\nb\r\n\r\n', ['a\r\n\r\n', 'b\r\n\r\n'], ''],
    ['CR', 'a\r\rb\r\r', ['a\r\r', 'b\r\r'], ''],
    ['LF, then CRLF', 'a\n\r\nb', ['a\n\r\n'], 'b'],
    ['LF, then CR', 'a\n\rb', ['a\n\r'], 'b'],
    ['CRLF, then CR', 'a\r\n\rb', ['a\r\n\r'], 'b'],
    ['CRLF, then LF', 'a\r\n\nb', ['a\r\n\n'], 'b'],
    ['lone line ends', 'a\nb\r\nc\rd', [], 'a\nb\r\nc\rd'],
    ['blank lines only', '\n\n\n\n', ['\n\n', '\n\n'], ''],
    ['nothing', '', [], ''],
  ])('ends a block at its blank line, wherever the bytes are cut: %s', (_, text, blocks, rest) => {
    for (const chunks of everyCut(Buffer.from(text))) expect(split(chunks)).toEqual({ blocks, rest });
  });

  it('loses no byte and finds the same blocks in any chunks', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r', 'data: x', 'é'), maxLength: 60 });
    const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });
    fc.assert(
      fc.property(text, cuts, (given, places) => {
        const bytes = Buffer.from(given);
        const { blocks, rest } = split(cutAt(bytes, places));
        expect(blocks.join('') + rest).toBe(split([bytes]).blocks.join('') + split([bytes]).rest);
        if (!given.includes('é')) expect({ blocks, rest }).toEqual(split([bytes]));
      }),
      { numRuns: 2_000, seed: 3 },
    );
  });

  it('hands a block on that passes the longest it holds', () => {
    expect(split([Buffer.from('abcdef'), Buffer.from('g\n\nh')], 5)).toEqual({
      blocks: ['abcdef', 'g\n\n'],
      rest: 'h',
    });
  });

  it('takes a long block in small chunks at a cost that grows with its length alone', () => {
    const splitter = new SseSplitter();
    const chunk = Buffer.alloc(256, 'x');
    const started = performance.now();
    for (let i = 0; i < 60_000; i += 1) splitter.push(chunk);
    expect(splitter.push(Buffer.from('\n\n'))[0]?.length).toBe(60_000 * 256 + 2);
    // Joined anew at every chunk this would copy 460 GB.
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('the data of a block', () => {
  it.each([
    ['one line', 'data: {"a":1}\n\n', '{"a":1}'],
    ['no space', 'data:x\n\n', 'x'],
    ['one space is the format’s, the next is the data’s', 'data:  x\n\n', ' x'],
    ['several lines', 'data: a\ndata: b\ndata\n\n', 'a\nb\n'],
    ['other fields around it', 'id: 1\nevent: data\ndata: x\nretry: 5\n\n', 'x'],
    ['a comment', ': data: x\n\n', ''],
    ['a field whose name only begins so', 'database: x\n\n', ''],
    ['a byte order mark', '\uFEFFdata: x\n\n', 'x'],
    ['CRLF', 'data: a\r\ndata: b\r\n\r\n', 'a\nb'],
    ['CR', 'data: a\rdata: b\r\r', 'a\nb'],
  ])('is its data lines: %s', (_, block, data) => {
    expect(sseData(Buffer.from(block))).toBe(data);
  });
});
