/** A command's words without the secrets in them. */
import { namesSecret } from './secrets.js';
import { MASK, withoutShapes } from './shapes.js';

/** Options that take `user:password`. */
const USER_OPTION = /^(-u|--user|--proxy-user)$/;

/** A name and a sign: in an environment, an option, a header, JSON (its quotes escaped or not), a query. */
const NAMED = /(?<![\w.-])([\w.-]{1,200})(?:\\?["']?\s{0,9}[=:]\s{0,9})(?!\/\/)/g;

/** What a name and a sign are followed by. */
const VALUE =
  /\\"(?:(?!\\").)*(?:\\"|$)|"(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$)|(?:basic|bearer|token|digest)\s+[^\s"']+|[^\s"',;&}]+/iy;

/** An option and its value within a line for a shell. */
const OPTION = /((?:^|\s)(--?[\w-]{1,200})\s{1,9})("[^"]*"|'[^']*'|[^\s"'-][^\s"']*)/g;

/** `user:password@host` without a scheme; a digest behind a name, as `image:tag@sha256:…`, and a package are none. */
const USER_AT_HOST =
  /(?<=^|[\s"'=])(?!(?:npm|jsr|workspace):)[\w.+%-]{1,200}:[^\s@/"':]+@(?!sha\d)(?=[A-Za-z[]|\d+\.\d+\.)/g;

const BASIC = /\b(basic\s+)(?=[^\s"']*[A-Z\d=])[A-Za-z0-9+/=]{8,}/gi;

/** Words with key-shaped parts, and what follows a name that says so, masked. */
export function maskWords(argv: readonly string[]): string[] {
  return argv.map((word, i) => maskWord(word, argv[i - 1] ?? ''));
}

function maskWord(word: string, option: string): string {
  if (USER_OPTION.test(option) && word.includes(':')) return MASK;
  // `--max-tokens 100` names no secret; `--token abc` does.
  if (isValue(word, option)) return MASK;
  if (/^-u[^\s-]\S*:/.test(word)) return `-u${MASK}`;
  return maskLine(word);
}

/** Whether a word is what an option asks for that names a secret, and not the next option. */
function isValue(word: string, option: string): boolean {
  const asked = /^--?[a-z]/i.test(option) && !option.includes('=') && namesSecret(option);
  return asked && !word.startsWith('-') && !isNumber(option, word);
}

/** A word, which may be a line for a shell. */
function maskLine(line: string): string {
  return withoutShapes(
    withoutNamed(line)
      .replace(OPTION, (all, start: string, option: string, value: string) =>
        namesSecret(option) || (USER_OPTION.test(option) && value.includes(':')) ? `${start}${MASK}` : all,
      )
      .replace(USER_AT_HOST, `${MASK}@`)
      .replace(BASIC, MASK),
  );
}

/** A line without the values behind names that say so; what is behind other names is looked at for itself. */
function withoutNamed(line: string): string {
  const parts: string[] = [];
  let done = 0;
  NAMED.lastIndex = 0;
  for (let found = NAMED.exec(line); found; found = NAMED.exec(line)) {
    const name = found[1] ?? '';
    if (!namesSecret(name)) continue;
    VALUE.lastIndex = NAMED.lastIndex;
    const value = VALUE.exec(line)?.[0];
    if (value === undefined || isNumber(name, value)) continue;
    parts.push(line.slice(done, NAMED.lastIndex), MASK);
    done = NAMED.lastIndex + value.length;
    NAMED.lastIndex = done;
  }
  return parts.join('') + line.slice(done);
}

/** `tokens: 100` counts; a password may be a number. */
function isNumber(name: string, value: string): boolean {
  return /tokens?$/i.test(name) && /^[\d._]+[kKM]?$/.test(value);
}
