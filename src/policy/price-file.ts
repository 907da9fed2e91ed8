/** The price file that a policy names: what the policy says of it, and what stands in it. */
import { createHash } from 'node:crypto';
import { PolicyError, type PolicyProblem } from '../domain/errors.js';
import type { Policy, PolicyRate, PriceFile } from '../domain/policy.js';
import { child, Reading, textAt, type Field } from './fields.js';
import { decodePolicy } from './file.js';
import { resolveRates } from './rates.js';
import type { PolicyFile, Prices } from '../generated/policy.generated.js';
import { parseTree, type Entry, type MapTree } from './tree.js';
import { validateTree } from './validate.js';

/** `owner/repo/path@ref`; a path that has an @ in it is told apart by `./` before it. */
const REMOTE = /^[\w-][\w.-]*\/[\w.-]+\/[^@]+@(\S+)$/;
const COMMIT = /^[0-9a-f]{40}$/i;

/** What the policy says of its price file; empty where it names none. */
export function priceFileOf(field: Field<Prices> | undefined, reading: Reading): Pick<Policy, 'prices'> {
  if (field === undefined) return {};
  const inner = child(field, 'file');
  const file = textAt(field.tree.kind === 'scalar' ? field : inner);
  if (file === '') {
    reading.note(field.tree.at, field.path, 'the price file has no name', 'Write `file: prices.yml`, for example.');
    return {};
  }
  const { at } = (inner ?? field).tree;
  const sha256 = textAt(child(field, 'sha256')).toLowerCase();
  const ref = REMOTE.exec(file)?.[1];
  if (ref !== undefined && !COMMIT.test(ref)) {
    const remedy = 'Write the full 40-digit commit SHA after the @. For a path in this repository, start it with `./`.';
    reading.note(at, field.path, 'a file from another repository must be pinned to a commit', remedy);
  }
  return { prices: { file, at, pinned: sha256 !== '' || ref !== undefined, ...(sha256 !== '' && { sha256 }) } };
}

/** What stands in a price file. */
export interface PriceList {
  /** Those of a pinned file may lower a known rate. */
  readonly rates: readonly PolicyRate[];
  readonly date?: string;
}

/**
 * Reads the text of a price file: `rates`, as a policy has them, and `date`.
 * @throws PolicyError with all that is wrong in it, or where its bytes are not those that the policy pins
 */
export function readPriceList(content: string | Buffer, { file, at, sha256, pinned }: PriceFile): PriceList {
  const hash = createHash('sha256').update(content).digest('hex');
  if (sha256 !== undefined && hash !== sha256) {
    const remedy = `Check what changed in the file. If the change is right, write \`sha256: ${hash}\`.`;
    throw new PolicyError([{ at, key: 'prices', message: `the SHA-256 of ${file} does not match the policy`, remedy }]);
  }
  const { root, problems: broken } = parseTree(decodePolicy(content, file), file);
  const { date, rest, problems: unknown } = partsOf(root, file);
  const { fitting, problems: misfits } = validateTree(asPolicy(rest), new Set());
  const reading = new Reading();
  const rates = resolveRates({ tree: fitting, path: [] } satisfies Field<PolicyFile>, reading);
  const problems = [...broken, ...unknown, ...misfits, ...reading.problems];
  if (problems.length > 0) throw new PolicyError(problems);
  return {
    rates: rates.map((rate) => ({ ...rate, card: { ...rate.card, source: 'table' }, listed: { pinned } })),
    ...(date !== undefined && { date }),
  };
}

function partsOf(root: MapTree, file: string) {
  const problems: PolicyProblem[] = [];
  const rest = new Map<string, Entry>();
  let date: string | undefined;
  for (const [key, entry] of root.entries) {
    const text = entry.value.kind === 'scalar' ? entry.value.text : '';
    if (key === 'rates') rest.set(key, entry);
    else if (key === 'date' && isDay(text)) date = text;
    else if (key !== 'date')
      problems.push({ at: entry.keyAt, key, message: 'unknown key', remedy: 'Known keys: rates, date.' });
    else {
      const remedy = 'Write the date of the prices, such as 2026-11-28.';
      problems.push({ at: entry.value.at, key, message: 'this is not a date', remedy });
    }
  }
  if (!rest.has('rates')) {
    const remedy = 'Write `rates:` with `gpt-4o: { input: 2.50, output: 10 }` indented below it.';
    problems.push({ at: `${file}:1:1`, key: 'rates', message: 'the key is missing', remedy });
  }
  return { date, rest: { ...root, entries: rest }, problems };
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** The same tree as that of a policy, so that one schema checks the rates of both. */
function asPolicy(tree: MapTree): MapTree {
  const version: Entry = { keyAt: tree.at, value: { kind: 'scalar', at: tree.at, text: '1', value: 1 } };
  return { ...tree, entries: new Map([['version', version], ...tree.entries]) };
}
