/**
 * How many tokens a request's input can have at most, told by its bytes alone. A token of nearly every tokenizer is at
 * least one byte; what is not so, and what a provider adds that the request does not show, stands in the rule of the
 * model's maker. No factor on a count of one's own is ever a bound: counts by different tokenizers differ by 4 and more.
 */
import { makerOf, type Maker } from '../providers/makers.js';
import type { Provider } from '../providers/provider.js';
import type { Dialect } from './dialects/dialect.js';
import { measureText, type TextMeasure } from './text-measure.js';
import { sizeOf, type Pieces } from '../lib/byte-chunks.js';

/** What bounds the input of a maker's models beside their bytes. */
export interface BytesRule {
  /** Tokens beside the text of every request: the template, and a prompt of the provider's own. */
  readonly constant: number;
  /** Tokens more where the request brings tools: the instructions that come with them. */
  readonly tools: number;
  /** Tokens beyond the bytes, in words for the docs; undefined where there are none. */
  readonly beyond?: string;
  /** The same as a number, by what the text holds. */
  readonly more?: (measure: TextMeasure, tools: boolean) => number;
  /** Where it is from, and the day. */
  readonly source: string;
}

/** Characters that a number with an exponent can grow by where Python writes it anew: `1e15` → `1000000000000000.0`. */
const WRITTEN_OUT = 21;

/** What Claude's tokenizers mark beside capitals: twice for a byte outside ASCII makes three tokens of it. */
const CLAUDE_MARKS = `line break and border between punctuation and a blank; 2 for each byte outside ASCII; ${WRITTEN_OUT} for each number with an exponent in arguments`;

const CTOK = 'ctok 1.3.0 (a rebuild of the tokenizer, not confirmed by Anthropic), 137,000 texts, 2026-11-28';

/** The rule of each maker's models. */
export const BYTES_RULES: Readonly<Record<Maker, BytesRule>> = {
  openai: {
    constant: 128,
    tools: 0,
    source: 'tiktoken 0.14.0, 36,108 characters; tools are rendered shorter, 2026-11-20',
  },
  anthropic: {
    constant: 64,
    tools: 1_000,
    beyond: `1 for each capital, ${CLAUDE_MARKS}`,
    more: ({ marks, capitals, exponents }) => marks + capitals + exponents.outside * WRITTEN_OUT,
    source: CTOK,
  },
  google: {
    constant: 64,
    tools: 512,
    beyond: `${WRITTEN_OUT} for each number with an exponent in arguments of functions`,
    more: ({ exponents }) => exponents.outside * WRITTEN_OUT,
    source: 'Gemma’s vocabulary, with byte fallback; Gemini’s own is not public, 2026-11-20',
  },
  mistral: {
    constant: 64,
    tools: 512,
    beyond: `with tools, since Python’s json.dumps writes JSON anew: ${WRITTEN_OUT} for each number with an exponent, 1 for each separator`,
    more: ({ exponents, separators }, tools) => {
      const { inside, outside } = exponents;
      return tools ? (inside + outside) * WRITTEN_OUT + separators.inside + separators.outside : 0;
    },
    source: 'mistral-common 1.13.1 (instruct.py), 2026-11-28',
  },
  'x-ai': {
    constant: 1_024,
    tools: 512,
    source: 'answers to a bare greeting: 686 tokens of grok-4, 163 to 206 of others, 2026-11-20',
  },
  open: {
    constant: 160,
    tools: 1_000,
    beyond: `with tools, since a chat template writes JSON anew: ${WRITTEN_OUT} for each number with an exponent, 1 or 2 for each separator`,
    more: ({ exponents, separators }, tools) => {
      return tools
        ? (exponents.inside + exponents.outside) * WRITTEN_OUT + separators.inside + 2 * separators.outside
        : 0;
    },
    source: 'Llama 3 and 4, Qwen, DeepSeek; Harmony’s preamble has 68 tokens, 2026-11-20',
  },
};

/** Claude up to 4.6 marks a word, not each capital. */
const OLDER_CLAUDE: BytesRule = {
  ...BYTES_RULES.anthropic,
  beyond: `1 for each word that begins with a capital, ${CLAUDE_MARKS}`,
  more: ({ marks, capitalized, exponents }) => marks + capitalized + exponents.outside * WRITTEN_OUT,
};
const OLDER_CLAUDES = /claude-((2|3|instant)(?!\d)|(opus|sonnet|haiku)-4([-.][0-6])?(?!\d|[-.]\d{1,2}(?!\d)))/;

/** What goes for a model of which nobody can tell whose it is: each rule may be its own. */
export const ANY_RULE: BytesRule = {
  constant: Math.max(...Object.values(BYTES_RULES).map(({ constant }) => constant)),
  tools: Math.max(...Object.values(BYTES_RULES).map(({ tools }) => tools)),
  beyond: 'the most that any of the rules above adds',
  more: (measure, tools) => Math.max(...Object.values(BYTES_RULES).map(({ more }) => more?.(measure, tools) ?? 0)),
  source: 'the rules above',
};

/** The rule for a call. A format may serve models of its own maker, but where the name says another. */
export function bytesRuleOf(
  provider: Pick<Provider, 'maker'>,
  model: string,
  dialect: Pick<Dialect, 'modelsOf'>,
): BytesRule {
  if (OLDER_CLAUDES.test(model.toLowerCase())) return OLDER_CLAUDE;
  const maker = makerOf(provider, model) ?? dialect.modelsOf;
  return maker === undefined ? ANY_RULE : BYTES_RULES[maker];
}

/**
 * Most tokens of a request's input, but for its dialect's own overhead.
 * @param body its JSON as sent
 * @param tools whether it brings tools or results of theirs
 */
export function mostInput(rule: BytesRule, body: Pieces, tools: boolean): number {
  const more = rule.more?.(measureText(body), tools) ?? 0;
  return sizeOf(body) + more + rule.constant + (tools ? rule.tools : 0);
}
