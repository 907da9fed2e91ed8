import type { Environment } from '../hook/env.js';

/** Options whose next word is a secret, and names before `=` or `:` that say the same. */
const SECRET_NAME = /(key|token|secret|password|passwd|authorization|credential)s?$/i;

/** Shapes of well-known keys: those of many providers, GitHub, AWS, Hugging Face, bearer tokens. */
const SECRET_SHAPE =
  /(sk-|sk_|gh[pousr]_|github_pat_|AKIA|AIza|hf_|gsk_|xai-|pplx-|csk-|fw_|ABSK|Bearer\s+)[\w./+=-]{8,}/g;

const MASK = '***';

/** Values of variables that are named as keys are; shorter ones are rather words, which a text would lose. */
export function secretsIn(env: Environment): string[] {
  const named = Object.entries(env).filter(([name]) => /(^|_)(KEY|TOKEN|SECRET|PASSWORD)$/i.test(name));
  return named.flatMap(([, value]) => (value !== undefined && value.length >= 12 ? [value] : []));
}

/** A command's words with secrets and key-shaped parts masked, for the journal and the report. */
export function maskArgv(argv: readonly string[], secrets: readonly string[] = []): string[] {
  const bare = argv.map((word) => secrets.reduce((rest, secret) => rest.replaceAll(secret, MASK), word));
  return bare.map((word, i) => maskWord(word, argv[i - 1] ?? ''));
}

function maskWord(word: string, option: string): string {
  // `--max-tokens 100` names no secret; `--token abc` does.
  if (option.startsWith('-') && SECRET_NAME.test(option) && !/max|num|count|budget/i.test(option)) return MASK;
  return maskText(word);
}

function maskText(text: string): string {
  return text
    .replace(SECRET_SHAPE, MASK)
    .replace(
      /([\w-]*(?:key|token|secret|password|credential)s?)(\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s"']+)/gi,
      (all, name: string, sign: string) => (/max|num|count|budget/i.test(name) ? all : `${name}${sign}${MASK}`),
    );
}
