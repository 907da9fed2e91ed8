/**
 * A policy's text as a tree of maps, lists and scalars, each with its place and, for a scalar, the text as written:
 * amounts of money are read from that text and never pass through a float.
 */
import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  Scalar,
  type Document,
  type ParsedNode,
  type YAMLMap,
} from 'yaml';
import { PolicyError, type PolicyProblem } from '../domain/errors.js';
import { whole } from './file.js';
import { scanTokens, type Locate } from './scan.js';
import { shown } from './suggest.js';
import { syntaxProblems } from './syntax.js';

/** A node of a policy. */
export type Tree = MapTree | ListTree | ScalarTree;

/** A map of keys to nodes. */
export interface MapTree {
  readonly kind: 'map';
  readonly at: string;
  /** In the order of the file; no key twice. */
  readonly entries: ReadonlyMap<string, Entry>;
}

interface ListTree {
  readonly kind: 'list';
  readonly at: string;
  readonly items: readonly Tree[];
}

interface ScalarTree {
  readonly kind: 'scalar';
  readonly at: string;
  readonly value: string | number | boolean | null;
  /** A plain scalar as written; a quoted one without its quotes. */
  readonly text: string;
}

/** A value of a map, and the place of its key. */
export interface Entry {
  readonly keyAt: string;
  readonly value: Tree;
}

/** Keys from the root to a node; list items by their index from 0. */
export type Path = readonly string[];

/**
 * Parses a policy's text. What is wrong with single keys and numbers is returned beside the tree, which leaves them
 * out, so that the rest of the file is still checked.
 * @throws PolicyError where there is no map to check: not YAML, empty, a list, nested too deep
 */
export function parseTree(text: string, file: string): { root: MapTree; problems: readonly PolicyProblem[] } {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) lines.addNewLine(end + 1);
  const locate: Locate = (offset) => placeOf(offset, lines, file);
  const refused = scanTokens(text, locate);
  if (refused.length > 0) throw new PolicyError(refused);
  const document = parseYaml(text, file);
  if (document.errors.length > 0) throw new PolicyError(syntaxProblems(document.errors, locate));
  const builder = new TreeBuilder(locate);
  const root = document.contents === null ? undefined : builder.build(document.contents, []);
  if (root?.kind === 'map') return { root, problems: builder.problems };
  throw new PolicyError([...builder.problems, notAMap(root, file)]);
}

function parseYaml(text: string, file: string): Document.Parsed {
  try {
    // The library's own check for duplicate keys takes quadratic time; the tree has a linear one.
    const options = { uniqueKeys: false, merge: false, schema: 'core', strict: true } as const;
    return parseDocument(text, { ...options, prettyErrors: false, logLevel: 'error' });
  } catch (error) {
    // The scan bounds what reaches the parser; whatever it still throws is this file's fault, not a crash.
    const reason = error instanceof Error ? error.message : String(error);
    throw new PolicyError([whole(file, `the file cannot be parsed (${shown(reason)})`, 'Write it as plain YAML.')]);
  }
}

function placeOf(offset: number, lines: LineCounter, file: string): string {
  const { line, col } = lines.linePos(offset);
  return `${file}:${line}:${col}`;
}

function notAMap(root: Tree | undefined, file: string): PolicyProblem {
  const remedy = 'Begin it with `version: 1`, or create one with `token-budget init`.';
  if (root === undefined || (root.kind === 'scalar' && root.value === null)) {
    return whole(file, 'the file is empty', remedy);
  }
  return { at: root.at, key: '', message: `the file is a ${root.kind}, not a map of keys`, remedy };
}

// They name parts of every JavaScript object; no key of a policy has a use for them.
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const DECIMAL = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;

class TreeBuilder {
  readonly problems: PolicyProblem[] = [];
  readonly #locate: Locate;

  constructor(locate: Locate) {
    this.#locate = locate;
  }

  /** undefined where the node itself is refused. */
  build(node: unknown, path: Path): Tree | undefined {
    if (isMap<ParsedNode, ParsedNode | null>(node)) return this.#map(node, path);
    if (isSeq<ParsedNode>(node)) {
      const items = node.items.map((item, index) => this.build(item, [...path, String(index)]));
      return { kind: 'list', at: this.#at(node), items: items.filter((item) => item !== undefined) };
    }
    if (isScalar(node)) return this.#scalar(node, path);
    return undefined;
  }

  #map(node: YAMLMap<ParsedNode, ParsedNode | null>, path: Path): MapTree {
    const entries = new Map<string, Entry>();
    for (const pair of node.items) {
      const keyAt = this.#at(pair.key);
      const key = this.#key(pair.key, keyAt, path);
      if (key === undefined || this.#isTaken(key, keyAt, path, entries)) continue;
      const value = this.build(pair.value, [...path, key]);
      if (value !== undefined) entries.set(key, { keyAt, value: isNull(value) ? { ...value, at: keyAt } : value });
      else if (pair.value === null) entries.set(key, { keyAt, value: nullAt(keyAt) });
    }
    return { kind: 'map', at: this.#at(node), entries };
  }

  #isTaken(key: string, keyAt: string, path: Path, entries: ReadonlyMap<string, Entry>): boolean {
    const first = entries.get(key);
    if (first === undefined) return false;
    const message = `duplicate key; the first is at ${first.keyAt}`;
    this.#complain(keyAt, [...path, key], message, 'Keep one of the two.');
    return true;
  }

  #key(node: ParsedNode, at: string, path: Path): string | undefined {
    if (!isScalar(node) || node.value === null) {
      this.#complain(at, path, 'a key must be a plain word', 'Put quotes around a key with special characters.');
      return undefined;
    }
    const key = textOf(node);
    if (key === '<<') {
      this.#complain(at, [...path, key], 'merge keys (<<) are not allowed', 'Write the keys out.');
    } else if (RESERVED.has(key)) {
      this.#complain(at, [...path, key], 'this word cannot be used as a key', 'Delete it.');
    } else {
      return key;
    }
    return undefined;
  }

  #scalar(node: Scalar, path: Path): ScalarTree | undefined {
    const at = this.#at(node);
    const text = textOf(node);
    const value = node.value;
    if (typeof value === 'number' && (!DECIMAL.test(text) || !Number.isFinite(value))) {
      const remedy = 'Write a decimal number, such as 50000, 50_000, 50k or 1.5.';
      this.#complain(at, path, `${shown(text)} is not a usable number`, remedy);
      return undefined;
    }
    if (isPlain(value)) return { kind: 'scalar', at, text, value };
    this.#complain(at, path, `${shown(text)} is not a plain value`, 'Write text or a number.');
    return undefined;
  }

  #at(node: { range?: readonly [number, number, number] | null } | null): string {
    return this.#locate(node?.range?.[0] ?? 0);
  }

  #complain(at: string, path: Path, message: string, remedy: string): void {
    this.problems.push({ at, key: keyOf(path), message, remedy });
  }
}

/** A path as messages name it; long and unprintable keys are cut and escaped. */
export function keyOf(path: Path): string {
  return path.map((part) => (part === '' ? '""' : shown(part, false))).join('.');
}

function isPlain(value: unknown): value is ScalarTree['value'] {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function isNull(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.value === null;
}

function nullAt(at: string): ScalarTree {
  return { kind: 'scalar', at, value: null, text: '' };
}

function textOf(node: Scalar): string {
  return node.type === Scalar.PLAIN ? (node.source ?? String(node.value)) : String(node.value);
}
