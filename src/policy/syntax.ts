import type { ErrorCode, YAMLError } from 'yaml';
import type { PolicyProblem } from '../domain/errors.js';
import type { Locate } from './scan.js';

/** After one mistake a parser reports many more: a few of them help, hundreds do not. */
const MOST = 3;

/** What the YAML parser found, in words: the first problem of each line, at most three. */
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
  TAB_AS_INDENT: ['tabs cannot be used for indentation', 'Indent with spaces.'],
  MULTIPLE_DOCS: [
    'the file contains more than one document',
    'Keep one policy per file: delete `---` and all that follows.',
  ],
  BAD_INDENT: [
    'the indentation is inconsistent, or a bracket is not closed',
    'Indent all keys of a map alike, and close every bracket.',
  ],
  MISSING_CHAR: [
    'a colon, comma, bracket or quote is missing',
    'Write keys as `key: value`, and close every bracket and quote.',
  ],
  BAD_SCALAR_START: ['a value cannot begin with this character', 'Put quotes around the value.'],
  BAD_DQ_ESCAPE: ['this escape is not valid in double quotes', "Write \\\\ for a backslash, or use 'single quotes'."],
  BLOCK_AS_IMPLICIT_KEY: ['this line has two colons', 'Put quotes around a value that contains a colon.'],
  BLOCK_IN_FLOW: ['an indented list or map cannot be inside brackets', 'Use brackets there too.'],
  MULTILINE_IMPLICIT_KEY: ['a key spans more than one line, or a colon is missing', 'Write `key: value`.'],
  KEY_OVER_1024_CHARS: ['a key is longer than 1,024 characters', 'Shorten it.'],
};

function explained(code: ErrorCode): Pick<PolicyProblem, 'message' | 'remedy'> {
  const fallback: Complaint = ['this is not valid YAML', 'Look for a missing quote, bracket, colon or space here.'];
  const [message, remedy] = EXPLAINED[code] ?? fallback;
  return { message, remedy };
}
