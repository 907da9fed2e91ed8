import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formBoundary, readForm } from '../../src/meter/multipart.js';

/** A form as the platform's own code writes it. */
async function written(build: (form: FormData) => void): Promise<readonly [Buffer, string]> {
  const form = new FormData();
  build(form);
  const response = new Response(form);
  const boundary = formBoundary(response.headers.get('content-type') ?? '');
  return [Buffer.from(await response.arrayBuffer()), boundary ?? ''];
}

describe('a form', () => {
  it('gives its fields as text, its files by their size, and lists under their bare name', async () => {
    const [raw, boundary] = await written((form) => {
      form.set('model', 'whisper-1');
      form.set('prompt', 'Zoë\r\nLyon');
      form.append('timestamp_granularities[]', 'word');
      form.append('timestamp_granularities[]', 'segment');
      form.set('file', new Blob(['\r\n--x\r\n\0'.repeat(3)]), 'a "b".mp3');
    });
    expect(readForm(raw, boundary)).toEqual({
      model: 'whisper-1',
      prompt: 'Zoë\r\nLyon',
      timestamp_granularities: ['word', 'segment'],
      file: { size: 24 },
    });
  });

  it('is undefined wherever it is cut off', async () => {
    const [raw, boundary] = await written((form) => {
      form.set('model', 'm');
    });
    const end = raw.lastIndexOf('--');
    for (let at = 0; at <= end; at += 1) expect(readForm(raw.subarray(0, at), boundary)).toBeUndefined();
  });

  it('never throws, whatever it holds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ maxLength: 30 }), (noise, text) => {
        const raw = Buffer.concat([Buffer.from(`--b\r\n${text}`), noise, Buffer.from('\r\n--b--')]);
        readForm(raw, 'b');
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});

describe('a boundary', () => {
  it.each([
    ['multipart/form-data; boundary=b', 'b'],
    ['Multipart/Form-Data; charset=utf-8; boundary="b c"', 'b c'],
    ['multipart/form-data', undefined],
    ['multipart/mixed; boundary=b', undefined],
    ['application/json', undefined],
  ])('of %s', (type, boundary) => {
    expect(formBoundary(type)).toBe(boundary);
  });
});
