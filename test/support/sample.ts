/** `npm run test:long`: everything in full, however long it takes. */
export const LONG = process.env.TB_LONG === '1';

/** So many cases in the long tests, and one in `part` of them in each run of the others: 5 where left out. */
export function sample(cases: number, part = 5): number {
  return LONG ? cases : Math.ceil(cases / part);
}

/** A number as a test's name says it: `10,000`. */
export const said = (number: number): string => number.toLocaleString('en-US');
