/**
 * A machine that reads a JSON text byte by byte and tells what each byte adds to the text's measure, by its class and by
 * what was read before.
 */

/** What a byte can add, each a whole number. */
export interface Added {
  readonly marks: number;
  readonly capitals: number;
  readonly capitalized: number;
  readonly exponentsInside: number;
  readonly exponentsOutside: number;
  readonly separatorsInside: number;
  readonly separatorsOutside: number;
}

export const NOTHING: Added = {
  marks: 0,
  capitals: 0,
  capitalized: 0,
  exponentsInside: 0,
  exponentsOutside: 0,
  separatorsInside: 0,
  separatorsOutside: 0,
};

/** Kinds of characters. What an escape by number stands for may be of any kind, so it borders on all. */
const KINDS = { word: 0, blank: 1, punctuation: 2, any: 3 } as const;
type Kind = keyof typeof KINDS;

/** Classes of bytes that the machine tells apart; each has the kind of character that it is. */
const CLASSES = {
  other: 'word',
  lower: 'word',
  /** Lower-case letters that an escape of a blank is written with. */
  blankEscape: 'word',
  unicodeEscape: 'word',
  lowerE: 'word',
  capital: 'word',
  capitalE: 'word',
  digit: 'word',
  foreign: 'word',
  blank: 'blank',
  quote: 'punctuation',
  backslash: 'punctuation',
  separator: 'punctuation',
  sign: 'punctuation',
  punctuation: 'punctuation',
} as const satisfies Readonly<Record<string, Kind>>;
type Class = keyof typeof CLASSES;
export const CLASS_NAMES = Object.keys(CLASSES) as Class[];

const BY_PATTERN: readonly (readonly [RegExp, Class])[] = [
  [/[\s\0]/, 'blank'],
  [/"/, 'quote'],
  [/\\/, 'backslash'],
  [/[,:{}[\]]/, 'separator'],
  [/[+-]/, 'sign'],
  [/[!-/;-@^-`|~]/, 'punctuation'],
  [/\d/, 'digit'],
  [/E/, 'capitalE'],
  [/[A-Z]/, 'capital'],
  [/e/, 'lowerE'],
  [/u/, 'unicodeEscape'],
  [/[bfnrt]/, 'blankEscape'],
  [/[a-z]/, 'lower'],
];

/** A byte's class by its number, 0 to 14. */
export const CLASS_OF = Uint8Array.from({ length: 256 }, (_, byte) => CLASS_NAMES.indexOf(classOf(byte)));

function classOf(byte: number): Class {
  if (byte >= 0x80) return 'foreign';
  const char = String.fromCharCode(byte);
  return BY_PATTERN.find(([pattern]) => pattern.test(char))?.[1] ?? 'other';
}

/** How far a number with an exponent has come: behind a digit, its `e`, or its sign. */
type Exponent = 'none' | 'digit' | 'e' | 'sign';

/** All of what was read that the next byte's meaning can depend on. */
export interface State {
  readonly inString: boolean;
  /** The byte before was a backslash that escapes the next one; the kind is that of the character before it. */
  readonly escaping: boolean;
  readonly kind: Kind;
  readonly exponent: Exponent;
  readonly letter: boolean;
  /** How many capitals stand in a row, up to 4. */
  readonly row: number;
  /** The capital before stands at the beginning of a word. */
  readonly begins: boolean;
}

export const START: State = {
  inString: false,
  escaping: false,
  kind: 'any',
  exponent: 'none',
  letter: false,
  row: 0,
  begins: false,
};

/** What `\u` adds: a character of three bytes is worth nine at Claude's, and its escape has six. */
const ESCAPED_CHARACTER = 3;
/** What a byte outside ASCII adds: it is worth three. */
const FOREIGN = 2;
/** As many capitals in a row are written as a word with a mark. */
const MARKED_ROW = 4;

interface Step {
  readonly next: State;
  readonly added: Added;
}

/** What reading a byte of this class does. */
export function stepOf(state: State, read: Class): Step {
  if (state.inString && state.escaping) return escapedStep(state, read);
  if (state.inString && read === 'backslash') return { next: { ...state, escaping: true }, added: NOTHING };
  const inString = read === 'quote' ? !state.inString : state.inString;
  const kind = CLASSES[read];
  const capital = isCapital(read);
  const row = capital ? Math.min(state.row + 1, MARKED_ROW + 1) : 0;
  const next: State = {
    ...{ inString, escaping: false, kind, row },
    exponent: exponentAfter(state.exponent, read),
    letter: isLetter(read),
    begins: capital && !state.letter,
  };
  const marked = row === MARKED_ROW || (state.begins && isLetter(read) && !capital);
  const number = read === 'digit' && (state.exponent === 'e' || state.exponent === 'sign');
  return {
    next,
    added: {
      marks: borders(state.kind, kind) + (read === 'foreign' ? FOREIGN : 0),
      capitals: Number(capital),
      capitalized: Number(marked),
      exponentsInside: Number(number && inString),
      exponentsOutside: Number(number && !inString),
      separatorsInside: Number(read === 'separator' && inString),
      separatorsOutside: Number(read === 'separator' && !inString),
    },
  };
}

/** What a backslash and a byte of this class stand for: a blank, any character, or a mark. */
function escapedStep({ kind: before }: State, read: Class): Step {
  const kind = read === 'unicodeEscape' ? 'any' : read === 'blankEscape' ? 'blank' : 'punctuation';
  const marks = borders(before, kind) + (kind === 'any' ? ESCAPED_CHARACTER : 0);
  return { next: { ...START, inString: true, kind }, added: { ...NOTHING, marks } };
}

function borders(before: Kind, kind: Kind): number {
  return Number(before !== kind && KINDS[before] + KINDS[kind] >= KINDS.blank + KINDS.punctuation);
}

function exponentAfter(exponent: Exponent, read: Class): Exponent {
  if (read === 'digit') return 'digit';
  if (exponent === 'digit' && (read === 'lowerE' || read === 'capitalE')) return 'e';
  return exponent === 'e' && read === 'sign' ? 'sign' : 'none';
}

function isCapital(read: Class): boolean {
  return read === 'capital' || read === 'capitalE';
}

function isLetter(read: Class): boolean {
  return isCapital(read) || ['lower', 'lowerE', 'unicodeEscape', 'blankEscape'].includes(read);
}
