/**
 * The one way by which secrets are kept out of what is written: the journal, which all of the report, the comment and
 * MLflow's metrics are made of, and what is printed. Whatever a client, a command or a policy puts where a name belongs,
 * a known secret or what has the shape of one is masked there.
 */
import { MASK, withoutRuns, withoutShapes } from './shapes.js';
import { maskWords } from './words.js';

/** Texts that are asked for again and again: names of models and hosts. */
const REMEMBERED = 1_000;
const LONGEST_REMEMBERED = 300;

/** Members that hold none but our own words, or a digest. */
const OWN_WORDS: ReadonlySet<string> = new Set([
  ...['event', 'dialect', 'reason', 'source', 'rate', 'phase', 'dimension', 'code', 'hash', 'crc', 'onExceed', 'argv'],
]);

/** Members of which a long run of letters and digits is rather a key than a name. */
const NAMES: ReadonlySet<string> = new Set(['model', 'text']);

/** Takes secrets out of whatever is about to be written or shown. */
export class Mask {
  readonly #secrets: readonly string[];
  readonly #texts = new Map<string, string>();
  readonly #names = new Map<string, string>();

  /** @param secrets known values, in whatever form they come */
  constructor(secrets: readonly string[]) {
    const forms = secrets.filter((secret) => secret !== '').flatMap(formsOf);
    // A secret may hold another one.
    this.#secrets = [...new Set(forms)].sort((a, b) => b.length - a.length);
  }

  /** Anything that people read. */
  text(text: string): string {
    return remembered(this.#texts, text, () => withoutShapes(this.#withoutSecrets(text)));
  }

  /** A name that a client chose: of a model, a deployment. */
  name(name: string): string {
    return remembered(this.#names, name, () => withoutRuns(this.text(name)));
  }

  /** A command's words. */
  words(argv: readonly string[]): string[] {
    return maskWords(argv.map((word) => this.#withoutSecrets(word)));
  }

  /** An entry of the journal, or any other value of plain members, with all its texts masked. */
  entry<T extends object>(entry: T): T {
    return this.#deep(entry, '') as T;
  }

  #deep(value: unknown, member: string): unknown {
    if (typeof value === 'string') return OWN_WORDS.has(member) ? value : this.#member(value, member);
    if (Array.isArray(value)) return value.map((each) => this.#deep(each, member));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.#deep(each, key)]));
  }

  #member(text: string, member: string): string {
    const masked = NAMES.has(member) ? this.name(text) : this.text(text);
    // In a limit's scope a star would stand for any name.
    return member === 'scope' && masked !== text ? masked.replaceAll(MASK, '(masked)') : masked;
  }

  #withoutSecrets(text: string): string {
    return this.#secrets.reduce((rest, secret) => (rest.includes(secret) ? rest.replaceAll(secret, MASK) : rest), text);
  }
}

function remembered(known: Map<string, string>, text: string, find: () => string): string {
  const found = known.get(text);
  if (found !== undefined) return found;
  const masked = find();
  if (known.size >= REMEMBERED) known.clear();
  if (text.length <= LONGEST_REMEMBERED) known.set(text, masked);
  return masked;
}

/** A secret as it is, and as it stands in an address (a host's name is in lower case) and in JSON. */
function formsOf(secret: string): readonly string[] {
  const lower = secret.toLowerCase();
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    ...(lower.length >= 16 ? [lower] : []),
  ];
}
