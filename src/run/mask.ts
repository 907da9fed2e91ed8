/** Options whose next word is a secret, and names before `=` or `:` that say the same. */
const SECRET_NAME = /(key|token|secret|password|passwd|authorization|credential)s?$/i;

/** Shapes of well-known keys: OpenAI, Anthropic, GitHub, AWS, Google, Hugging Face, bearer tokens. */
const SECRET_SHAPE = /(sk-|sk_|gh[pousr]_|github_pat_|AKIA|AIza|hf_|gsk_|xai-|pplx-|Bearer\s+)[\w./+=-]{8,}/g;

const MASK = '***';

/** A command's words with key-shaped parts masked, for the journal and the report. */
export function maskArgv(argv: readonly string[]): string[] {
  return argv.map((word, i) => {
    const option = argv[i - 1] ?? '';
    // `--max-tokens 100` names no secret; `--token abc` does.
    if (option.startsWith('-') && SECRET_NAME.test(option) && !/max|num|count|budget/i.test(option)) return MASK;
    return maskText(word);
  });
}

function maskText(text: string): string {
  return text
    .replace(SECRET_SHAPE, MASK)
    .replace(
      /([\w-]*(?:key|token|secret|password|credential)s?)(\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s"']+)/gi,
      (all, name: string, sign: string) => (/max|num|count|budget/i.test(name) ? all : `${name}${sign}${MASK}`),
    );
}
