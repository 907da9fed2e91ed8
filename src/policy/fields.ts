/**
 * A typed way through a policy's tree: a field knows the type that the schema gives its value, so that a key which the
 * schema does not have is a compile error here, while places and the text of amounts stay at hand.
 */
import type { PolicyProblem } from '../domain/errors.js';
import { kindAt } from './kinds.js';
import { remedyFor, SENTENCES, subjectOf } from './sentences.js';
import { keyOf, type Path, type Tree } from './tree.js';

/** A node of the policy's tree, its path, and the type that the schema gives its value. */
export interface Field<T> {
  readonly tree: Tree;
  readonly path: Path;
  /** Never set: it carries the type. */
  readonly shape?: T;
}

type MapIn<T> = Extract<T, object>;

/** The field under a key; undefined where the file has none. */
export function child<T, K extends keyof MapIn<T> & string>(
  field: Field<T> | undefined,
  key: K,
): Field<NonNullable<MapIn<T>[K]>> | undefined {
  if (field?.tree.kind !== 'map') return undefined;
  const entry = field.tree.entries.get(key);
  return entry === undefined ? undefined : { tree: entry.value, path: [...field.path, key] };
}

/** A field of a map whose keys are the user's own. */
export interface Named<V> {
  readonly name: string;
  readonly nameAt: string;
  readonly field: Field<V>;
}

/** The fields of a map whose keys are the user's own, in the order of the file. */
export function named<V>(field: Field<Record<string, V>> | undefined): readonly Named<V>[] {
  return entriesOf(field);
}

/** The fields of any map in the order of the file, without their types. */
export function entriesOf(field: Field<unknown> | undefined): readonly Named<never>[] {
  if (field?.tree.kind !== 'map') return [];
  const { path } = field;
  return [...field.tree.entries].map(([name, { keyAt, value }]) => ({
    name,
    nameAt: keyAt,
    field: { tree: value, path: [...path, name] },
  }));
}

/** The text of a scalar as written; empty for anything else. */
export function textAt(field: Field<unknown> | undefined): string {
  return field?.tree.kind === 'scalar' ? field.tree.text : '';
}

/** Where a field of a valid file holds one of these words, that word. */
export function wordAt<W extends string>(field: Field<W> | undefined, words: readonly W[], fallback: W): W {
  const text = textAt(field);
  return words.find((word) => word === text) ?? fallback;
}

/** Reads amounts from fields and keeps what is wrong with them. */
export class Reading {
  readonly problems: PolicyProblem[] = [];

  /** The amount in a field; undefined, with a problem noted, where its text is not one. */
  amount(field: Field<unknown>, parse: (text: string) => number | undefined): number | undefined {
    const parsed = parse(textAt(field));
    if (parsed === undefined) this.misfit(field);
    return parsed;
  }

  /** Notes that a field is not what its place calls for. */
  misfit(field: Field<unknown>): void {
    const kind = kindAt(field.path);
    const message = `${subjectOf(field.tree)} is not ${SENTENCES[kind].expected}`;
    this.note(field.tree.at, field.path, message, remedyFor(kind, textAt(field)));
  }

  /** Adds a problem. */
  note(at: string, path: Path, message: string, remedy: string): void {
    this.problems.push({ at, key: keyOf(path), message, remedy });
  }
}
