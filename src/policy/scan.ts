/**
 * Looks at a file's tokens before it is parsed, in one linear pass: a parser recurses over nesting and spends time on
 * each error, so depth and size are bounded here, and what a policy has no use for (anchors, aliases, tags,
 * directives) never reaches it.
 */
import { CST, Lexer } from 'yaml';
import type { PolicyProblem } from '../domain/errors.js';

/** Levels of lists and maps inside one another. A policy needs 4. */
export const MAX_DEPTH = 32;
/** Keys, values, brackets and other marks in the whole file. */
export const MAX_MARKS = 3_000;
/** Line ends outside of texts: of entries, comments and empty lines. */
export const MAX_LINES = 3_000;

/** Where a character of the file stands: `file:line:column`, both counted from 1. */
export type Locate = (offset: number) => string;

/** The problems that forbid to parse the text; empty where it may be parsed. Stops at the first that bounds it. */
export function scanTokens(text: string, locate: Locate): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const depth = new Depth();
  let marks = 0;
  let lines = 0;
  for (const token of tokensOf(text)) {
    const refused = REFUSED[token.type ?? ''];
    if (refused !== undefined && problems.length < 5) {
      problems.push({ at: locate(token.offset), key: '', ...refused });
    }
    depth.take(token);
    if (token.type === 'newline') lines += 1;
    else if (!SILENT.has(token.type ?? '')) marks += 1;
    const bound = boundPassed(depth.value, marks, lines);
    if (bound !== undefined) return [...problems, { at: locate(token.offset), key: '', ...bound }];
  }
  return problems;
}

type Complaint = Pick<PolicyProblem, 'message' | 'remedy'>;

interface Token {
  readonly type: CST.TokenType | null;
  readonly offset: number;
  /** Counted from 0. */
  readonly column: number;
}

const SILENT: ReadonlySet<string> = new Set(['space', 'newline', 'comment', 'doc-mode', 'flow-error-end']);

const REFUSED: Readonly<Record<string, Complaint | undefined>> = {
  anchor: { message: 'anchors (&) are not allowed', remedy: 'Write the value out where it is needed.' },
  alias: {
    message: 'aliases (*) are not allowed',
    remedy: 'Write the value out. If it is a pattern that begins with a star, put it in quotes: "*".',
  },
  tag: {
    message: 'tags (!) are not allowed',
    remedy: 'Delete the tag, or put quotes around text that begins with "!".',
  },
  'directive-line': { message: 'YAML directives (%) are not allowed', remedy: 'Delete this line.' },
};

function boundPassed(depth: number, marks: number, lines: number): Complaint | undefined {
  if (depth > MAX_DEPTH) {
    return {
      message: `lists and maps are nested deeper than ${MAX_DEPTH} levels`,
      remedy: 'A policy needs at most 4.',
    };
  }
  const remedy = 'Shorten it; one pattern such as "gpt-4o*" covers many models.';
  if (lines >= MAX_LINES) return { message: 'the file has more than 3,000 lines', remedy };
  return marks > MAX_MARKS ? { message: 'the file has more than 3,000 keys, values and brackets', remedy } : undefined;
}

/** Tokens with their places. A mark announces each plain and block scalar; the text after it is not a token type. */
function* tokensOf(text: string): Generator<Token> {
  let offset = 0;
  let lineStart = 0;
  let announced = false;
  for (const source of new Lexer().lex(text)) {
    if (source === CST.SCALAR) {
      announced = true;
      continue;
    }
    const mark = source === CST.DOCUMENT || source === CST.FLOW_END;
    yield { type: announced ? 'scalar' : CST.tokenType(source), offset, column: offset - lineStart };
    announced = false;
    if (mark) continue;
    const newline = source.lastIndexOf('\n');
    if (newline >= 0) lineStart = offset + newline + 1;
    offset += source.length;
  }
}

/** Counts open brackets, and the columns at which block lists and maps that are still open began. */
class Depth {
  #brackets = 0;
  #columns: number[] = [];
  /** Where the entry at hand began: the key that a `:` may follow. */
  #entry = 0;

  get value(): number {
    return this.#brackets + this.#columns.length;
  }

  take({ type, column }: Token): void {
    if (type === 'flow-map-start' || type === 'flow-seq-start') this.#brackets += 1;
    if (type === 'flow-map-end' || type === 'flow-seq-end') this.#brackets = Math.max(0, this.#brackets - 1);
    if (this.#brackets > 0 || SILENT.has(type ?? '')) return;
    if (type === 'seq-item-ind' || type === 'explicit-key-ind') this.#open(column);
    if (type === 'map-value-ind') this.#open(Math.min(this.#entry, column));
    this.#entry = column;
  }

  #open(column: number): void {
    while ((this.#columns.at(-1) ?? -1) > column) this.#columns.pop();
    if ((this.#columns.at(-1) ?? -1) < column) this.#columns.push(column);
  }
}
