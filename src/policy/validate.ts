/** Holds a policy's tree against the schema and says in words, with places, what does not fit. */
import type { ErrorObject } from 'ajv';
import type { PolicyProblem } from '../domain/errors.js';
import { hostProblem, patternProblem, providerProblem } from './names.js';
import { kindAt } from './kinds.js';
import { remedyFor, SENTENCES, subjectOf, unknownKey } from './sentences.js';
import { nearest } from './suggest.js';
import { keyOf, type Entry, type MapTree, type Path, type Tree } from './tree.js';
import { schemaErrors } from '../generated/policy-validator.generated.js';

/** A file with more mistakes than this is not mended from one list. */
export const MOST_PROBLEMS = 50;

/**
 * All that the schema finds wrong, one problem a mistake, and the tree without the parts concerned: what is left has
 * the shape that the schema promises, but for what is missing. Beyond 50 problems it stops, and the tree means nothing.
 * `broken` are the keys that the file has, yet the tree had to leave out: they are not missing.
 */
export function validateTree(
  root: MapTree,
  broken: ReadonlySet<string>,
): { fitting: MapTree; problems: readonly PolicyProblem[] } {
  const found = new Map<string, PolicyProblem>();
  for (const error of schemaErrors(toPlain(root)).toSorted(moreTellingFirst)) {
    const missing: unknown = error.params.missingProperty;
    if (typeof missing === 'string' && broken.has(keyOf([...pathOf(error.instancePath), missing]))) continue;
    const path = pathOf(error.instancePath);
    const told = TELL[error.keyword] ?? tellValue;
    const place = told(error, path, root);
    // A value may fail several keywords at once; the sentence for its field says it all.
    if (place !== undefined && !found.has(pointerOf(place.path))) found.set(pointerOf(place.path), place.problem);
    if (found.size > MOST_PROBLEMS) break;
  }
  return { fitting: without(root, new Set(found.keys()), ''), problems: [...found.values()] };
}

/** Of a flat price beside others, that they do not go together says more than what else is missing. */
function moreTellingFirst(a: ErrorObject, b: ErrorObject): number {
  return Number(b.keyword === 'maxProperties') - Number(a.keyword === 'maxProperties');
}

interface Told {
  /** What is left out of the tree. */
  readonly path: Path;
  readonly problem: PolicyProblem;
}

type Tell = (error: ErrorObject, path: Path, root: MapTree) => Told | undefined;

/** How each keyword is told; all others say that the value is not what its field must be. */
const TELL: Readonly<Record<string, Tell | undefined>> = {
  additionalProperties: tellUnknownKey,
  propertyNames: tellName,
  required: (error, path, root) => tellMissing(String(error.params.missingProperty), path, root),
  dependencies: (error, path, root) => tellMissing(String(error.params.missingProperty), path, root),
  maxProperties: (_error, path, root) =>
    tell(path, root, '`cost_per_1k_tokens` cannot be combined with other rates', 'Keep one kind.'),
  minProperties: (_error, path, root) => tell(path, root, 'the rate is empty', SENTENCES.rate.remedy),
};

function tellValue(error: ErrorObject, path: Path, root: MapTree): Told | undefined {
  const value = nodeAt(root, path);
  // A map has no pattern: this is one of its keys, and `propertyNames` tells it.
  if (value === undefined || (value.kind === 'map' && error.keyword === 'pattern')) return undefined;
  const kind = kindAt(path);
  const text = value.kind === 'scalar' ? value.text : '';
  const words = allowedWords(error);
  const expected = words.length > 0 ? `one of ${words.join(', ')}` : SENTENCES[kind].expected;
  const near = nearest(text, words);
  const remedy = near === undefined ? remedyFor(kind, text) : `Did you mean ${near}?`;
  const missing = value.kind === 'scalar' && value.value === null;
  const message = missing ? `the value is missing; it must be ${expected}` : `${subjectOf(value)} is not ${expected}`;
  return { path, problem: { at: value.at, key: keyOf(path), message, remedy } };
}

function allowedWords(error: ErrorObject): readonly string[] {
  const words: unknown = error.params.allowedValues;
  return Array.isArray(words) ? words.map(String) : [];
}

function tellUnknownKey(error: ErrorObject, path: Path, root: MapTree): Told {
  const key = String(error.params.additionalProperty);
  const at = entryAt(root, path, key)?.keyAt ?? root.at;
  const full = [...path, key];
  return { path: full, problem: { at, key: keyOf(full), ...unknownKey(key, kindAt(path)) } };
}

function tellName(error: ErrorObject, path: Path, root: MapTree): Told {
  const name = String(error.params.propertyName);
  const at = entryAt(root, path, name)?.keyAt ?? root.at;
  const full = [...path, name];
  return { path: full, problem: { at, key: keyOf(full), ...nameProblem(path, name) } };
}

function nameProblem(path: Path, name: string) {
  if (path[0] === 'upstreams' && path.length === 1) return hostProblem(name);
  return path[0] === 'limits' && path[1] === 'providers' ? providerProblem(name) : patternProblem(name);
}

function tellMissing(name: string, path: Path, root: MapTree): Told | undefined {
  const node = nodeAt(root, path);
  // Where the key is there but misspelt, the misspelling is told already.
  if (node?.kind === 'map' && [...node.entries.keys()].some((key) => nearest(key, [name]) === name)) return undefined;
  if (path.length > 0) {
    const remedy = 'Write both `input` and `output`; use 0 for what is free.';
    return tell(path, root, `the rate has no \`${name}\``, remedy);
  }
  const problem = { at: root.at, key: name, message: 'the key is missing', remedy: 'Write `version: 1` at the top.' };
  return { path: [name], problem };
}

function tell(path: Path, root: MapTree, message: string, remedy: string): Told | undefined {
  const node = nodeAt(root, path);
  return node === undefined ? undefined : { path, problem: { at: node.at, key: keyOf(path), message, remedy } };
}

/** Plain data for the validator. `fromEntries` defines keys and never sets them, so none reaches a prototype. */
function toPlain(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(toPlain);
  return Object.fromEntries([...tree.entries].map(([key, entry]) => [key, toPlain(entry.value)]));
}

function nodeAt(root: Tree, path: Path): Tree | undefined {
  return path.reduce<Tree | undefined>((node, key) => {
    if (node?.kind === 'map') return node.entries.get(key)?.value;
    return node?.kind === 'list' ? node.items[Number(key)] : undefined;
  }, root);
}

function entryAt(root: Tree, path: Path, key: string): Entry | undefined {
  const node = nodeAt(root, path);
  return node?.kind === 'map' ? node.entries.get(key) : undefined;
}

function without(tree: MapTree, refused: ReadonlySet<string>, pointer: string): MapTree {
  const kept = [...tree.entries]
    .map(([key, entry]) => ({ key, entry, inner: `${pointer}/${escapeKey(key)}` }))
    .filter(({ inner, entry }) => !refused.has(inner) && !hasRefusedItem(entry.value, refused, inner))
    .map(({ key, entry, inner }) => [key, { ...entry, value: withoutIn(entry.value, refused, inner) }] as const);
  return { ...tree, entries: new Map(kept) };
}

function withoutIn(tree: Tree, refused: ReadonlySet<string>, pointer: string): Tree {
  return tree.kind === 'map' ? without(tree, refused, pointer) : tree;
}

/** A list with a wrong item is left out as a whole: a command without one of its arguments is another command. */
function hasRefusedItem(tree: Tree, refused: ReadonlySet<string>, pointer: string): boolean {
  return tree.kind === 'list' && tree.items.some((_, index) => refused.has(`${pointer}/${index}`));
}

function pathOf(pointer: string): Path {
  const parts = pointer.split('/').slice(1);
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function pointerOf(path: Path): string {
  return path.map((key) => `/${escapeKey(key)}`).join('');
}

function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
