import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildReport } from '../../src/report/build.js';
import { renderJson } from '../../src/report/json.js';
import { hostile } from './hostile.js';
import { open, reserve, settle } from './runs.js';
import { showcase } from './showcase.js';

const asOne = (report: object) => `${JSON.stringify(report, null, 2)}\n`;

test.each([0, 1, 2, 99, 100, 101, 250])('%i calls are the same text in parts as at once', (calls) => {
  const report = { ...buildReport(showcase(250)), calls: buildReport(showcase(250)).calls.slice(0, calls) };
  const parts = [...renderJson(report)];
  expect(parts.join('')).toBe(asOne(report));
  expect(Math.max(...parts.map((part) => part.length))).toBeLessThan(150_000);
});

test('no name in a report changes where its calls stand', () => {
  fc.assert(
    fc.property(fc.oneof(hostile, fc.constant('\n  "calls": []'), fc.constant('$&')), (name) => {
      const report = buildReport([open({ argv: [name] }), reserve(1, { model: name, unbounded: name }), settle(1)]);
      expect([...renderJson(report)].join('')).toBe(asOne(report));
    }),
  );
});
