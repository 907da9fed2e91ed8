import { expect, it } from 'vitest';
import { InFlight } from '../../src/gateway/in-flight.js';

it('is idle at once where no call is under way', async () => {
  expect(await new InFlight().idle(0)).toBe(true);
});

it('tells all who wait when the last call has ended', async () => {
  const calls = new InFlight();
  const [endFirst, endSecond] = [calls.begin(), calls.begin()];
  let told = 0;
  const waiting = [calls.idle(60_000), calls.idle(60_000)].map((each) => each.then(() => (told += 1)));
  endFirst();
  endFirst();
  await Promise.resolve();
  expect(told).toBe(0);
  endSecond();
  await Promise.all(waiting);
  expect(told).toBe(2);
});

it('gives up waiting when the time is over, and tells later waiters all the same', async () => {
  const calls = new InFlight();
  const end = calls.begin();
  expect(await calls.idle(10)).toBe(false);
  const later = calls.idle(60_000);
  end();
  expect(await later).toBe(true);
});
