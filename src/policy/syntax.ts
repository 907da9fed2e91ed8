import type { ErrorCode, YAMLError } from 'yaml';
import type { PolicyProblem } from '../domain/errors.js';
import type { Locate } from './scan.js';

/** One mistake makes a parser stumble over all that follows: a few places help, hundreds do not. */
const MOST = 3;

/** What a parser found, in words; the first of each line, at most three. */
export function syntaxProblems(errors: readonly YAMLError[], locate: Locate): readonly PolicyProblem[] {
  const byLine = new Map<string, PolicyProblem>();
  for (const error of errors) {
    const at = locate(error.pos[0]);
    const line = at.replace(/:\d+$/, '');
    if (!byLine.has(line)) byLine.set(line, { at, key: '', ...explained(error.code) });
    if (byLine.size === MOST) break;
  }
  return [...byLine.values()];
}

type Complaint = readonly [message: string, remedy: string];

const EXPLAINED: Readonly<Partial<Record<ErrorCode, Complaint>>> = {
  TAB_AS_INDENT: ['a tab stands where only spaces may', 'Indent with spaces.'],
  MULTIPLE_DOCS: ['the file holds more than one document', 'Keep one policy a file: delete `---` and what follows.'],
  BAD_INDENT: [
    'the indentation does not fit, or a bracket is still open',
    'Indent keys of one map alike; close what is open.',
  ],
  MISSING_CHAR: ['a colon, comma, bracket or quote is missing', 'Write keys as `key: value` and close what is open.'],
  BAD_SCALAR_START: ['a value may not begin with this character', 'Put quotes around the value.'],
  BAD_DQ_ESCAPE: ['this is no escape of double quotes', "Write \\\\ for a backslash, or use 'single quotes'."],
  BLOCK_AS_IMPLICIT_KEY: ['there are two colons in this line', 'Put quotes around a value that holds a colon.'],
  BLOCK_IN_FLOW: ['an indented list or map stands inside brackets', 'Use brackets inside brackets.'],
  MULTILINE_IMPLICIT_KEY: ['a key goes over more than one line, or a colon is missing', 'Write `key: value`.'],
  KEY_OVER_1024_CHARS: ['a key is longer than 1,024 characters', 'Shorten it.'],
};

function explained(code: ErrorCode): Pick<PolicyProblem, 'message' | 'remedy'> {
  const fallback: Complaint = ['this is not YAML', 'Look for a missing quote, bracket, colon or space here.'];
  const [message, remedy] = EXPLAINED[code] ?? fallback;
  return { message, remedy };
}
