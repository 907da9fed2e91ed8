/** What a key looks like when nothing else tells that it is one. */

/** Stands where a secret stood. */
export const MASK = '***';

/**
 * Well-known beginnings of keys and tokens, each with the characters that follow: of providers of models, of GitHub and
 * GitLab, of clouds and registries. As the providers' own pages and GitHub's list of secret scanning patterns have them
 * (https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns, 2026-11).
 */
const BEGINNINGS: readonly string[] = [
  // OpenAI, Anthropic, OpenRouter, DeepSeek, Langfuse, Stripe; names of models that begin so have no digit.
  '[spr]k[-_](?=[\\w-]{0,300}\\d)[\\w-]{8,}',
  // Of these, names of models begin alike: pplx-70b-online, xai-org/grok-1. A key has no dash.
  '(?:xai|pplx|csk|nvapi|tvly)-[A-Za-z0-9_]{20,}',
  '(?:gsk|hf|fw|r8|jina|e2b|tgp_v1|lsv2_pt|lsv2_sk|pcsk|npm|esecret|dop_v1)_[A-Za-z0-9_-]{16,}',
  'gh[pousr]_[A-Za-z0-9]{16,}',
  'github_pat_[A-Za-z0-9_]{16,}',
  'glpat-[\\w-]{16,}',
  'xox[abporse]-[\\w-]{10,}',
  'A(?:KI|SI)A[A-Z0-9]{12,}',
  'ABSK[A-Za-z0-9+/=]{16,}',
  'bedrock-api-key-[A-Za-z0-9+/=]{16,}',
  'AIza[\\w-]{16,}',
  'ya29\\.[\\w.-]{16,}',
  'dapi[0-9a-f]{32}',
  'SG\\.[\\w-]{16,}\\.[\\w-]{16,}',
  'pypi-[\\w-]{32,}',
  // JSON web tokens.
  'eyJ[\\w-]{8,500}\\.[\\w-]{8,}(?:\\.[\\w-]*)?',
];

const KEY = new RegExp(`(?<![A-Za-z0-9])(?:${BEGINNINGS.join('|')})`, 'g');
const BEARER = /\b(bearer\s+)[\w./+=~-]{8,}/gi;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;
/** `https://user:password@host`, and a token alone in the user's place. */
const USER_INFO = /(\bhttps?:\/\/|\b[a-z][a-z0-9+.-]{1,20}:\/\/(?=[^\s/@"']*:))[^\s/@"']+@/gi;

/** A text without what has the shape of a key. */
export function withoutShapes(text: string): string {
  return text.replace(PRIVATE_KEY, MASK).replace(KEY, MASK).replace(BEARER, MASK).replace(USER_INFO, `$1${MASK}@`);
}

/** Letters and digits in one run, as keys without a beginning of their own are: Azure's, Mistral's, Cohere's, Together's. */
const RUN = /(?<![\w.+-])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{32,}={0,2}(?![\w.+-])/g;

/** Digests of Git and SHA-256 behind a name: `owner/model:2f3a…`, `name@sha256:2f3a…`. */
const DIGEST = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * A model's name without what may be a key. Real names are words with dashes, dots, slashes and colons between them; a run
 * of 32 letters and digits is one only as a digest that follows a name.
 */
export function withoutRuns(name: string): string {
  return name.replace(RUN, (run, at: number) => (DIGEST.test(run) && /[:@]/.test(name[at - 1] ?? '') ? run : MASK));
}
