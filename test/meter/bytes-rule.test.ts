/** No text has more tokens than its rule allows, by any tokenizer that can be had, in any script, as any format sends it. */
import { getEncoding } from 'js-tiktoken';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DialectName } from '../../src/domain/call.js';
import { bytesRuleOf, mostInput } from '../../src/meter/bytes-rule.js';
import { DIALECTS } from '../../src/meter/dialects/index.js';
import { PROVIDERS } from '../../src/providers/index.js';
import { countAll, type Counted } from './tokenizers.js';

const SCRIPTS = [
  ...['Latin', 'Greek', 'Cyrillic', 'Armenian', 'Hebrew', 'Arabic', 'Syriac', 'Thaana', 'Nko', 'Devanagari', 'Bengali'],
  ...['Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu', 'Kannada', 'Malayalam', 'Sinhala', 'Thai', 'Lao', 'Tibetan'],
  ...['Myanmar', 'Georgian', 'Hangul', 'Ethiopic', 'Cherokee', 'Canadian_Aboriginal', 'Ogham', 'Runic', 'Khmer'],
  ...[
    'Mongolian',
    'Hiragana',
    'Katakana',
    'Bopomofo',
    'Han',
    'Yi',
    'Gothic',
    'Deseret',
    'Tagalog',
    'Limbu',
    'Balinese',
  ],
  ...['Javanese', 'Sundanese', 'Lepcha', 'Ol_Chiki', 'Vai', 'Tifinagh', 'Glagolitic', 'Coptic', 'Cuneiform', 'Adlam'],
];

/** Up to so many letters of a script, spread over it. */
function lettersOf(script: string, most: number): string[] {
  const letter = new RegExp(`\\p{Script=${script}}`, 'u');
  const all = Array.from({ length: 0x20000 }, (_, code) => code)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code))
    .filter((char) => letter.test(char));
  return all.filter((_, at) => at % Math.ceil(all.length / most) === 0);
}

const ODD: readonly string[] = [
  ...[' '.repeat(700), '\n'.repeat(300), '\t \t'.repeat(200), '- '.repeat(300), '—'.repeat(200), ' . '.repeat(200)],
  ...[
    'Q'.repeat(300),
    'ZX,'.repeat(200),
    '1ZZ'.repeat(200),
    'Q@Z'.repeat(200),
    'JJWX1'.repeat(150),
    'Nf3 Qb2 '.repeat(90),
  ],
  ...[
    'aB'.repeat(300),
    'NASA FBI '.repeat(80),
    'WiFi GaN '.repeat(80),
    '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'.repeat(60),
  ],
  ...['🎉🔥'.repeat(100), '\u0958'.repeat(100), '\u{1d160}'.repeat(80), 'é1'.repeat(200), 'e\u0301'.repeat(200)],
  ...['{"a":1e15,"b":[1e300,-2.5E-7]}'.repeat(30), '3.14159265 '.repeat(60), '0x1F 0b01 '.repeat(60)],
  ...['const a = (b) => b?.c ?? `${d}`;\n'.repeat(30), '#include <stdio.h>\n\tint *x = &y;\n'.repeat(30)],
  ...[Buffer.from('any carnal pleasure').toString('base64').repeat(30), '<|endoftext|><|im_start|>'.repeat(30)],
  ...[
    "'s 'LL don't ".repeat(60),
    '\u00a0\u3000\u200b'.repeat(80),
    '\u0000\u0007\u007f'.repeat(60),
    '\ufffd'.repeat(90),
  ],
];

const TEXTS = [
  ...SCRIPTS.flatMap((script) => {
    const letters = lettersOf(script, 80);
    return [letters.join(''), letters.join(' '), letters.map((char, at) => `${char}${at % 10}`).join('')];
  }),
  ...ODD,
];

/** A request of each format with the text in it, and where it may come from: JavaScript writes it so, Python in ASCII. */
const FORMATS: readonly (readonly [DialectName, (text: string) => object])[] = [
  ['openai-chat', (text) => ({ model: 'm', messages: [{ role: 'user', content: text }] })],
  ['openai-responses', (text) => ({ model: 'm', input: text })],
  ['openai-completions', (text) => ({ model: 'm', prompt: text })],
  ['openai-embeddings', (text) => ({ model: 'm', input: [text] })],
  ['anthropic', (text) => ({ model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text }] }] })],
  ['gemini', (text) => ({ contents: [{ parts: [{ text }] }] })],
  ['bedrock-converse', (text) => ({ messages: [{ role: 'user', content: [{ text }] }] })],
  ['cohere', (text) => ({ model: 'm', message: text })],
  ['tgi', (text) => ({ inputs: text })],
];
const ascii = (json: string) =>
  json.replace(/[^\0-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The request in pieces, cut where the text is. */
function piecesOf(json: string): Buffer[] {
  const bytes = Buffer.from(json);
  const at = Math.floor(bytes.length / 2);
  return [bytes.subarray(0, at), bytes.subarray(at)];
}

/** By how many tokens a text is above the bound of the same text in a request; 0 where it is not. */
function above(provider: string, model: string, text: string, tokens: number): string[] {
  return FORMATS.flatMap(([dialect, request]) => {
    const json = JSON.stringify(request(text));
    return [json, ascii(json)].flatMap((sent) => {
      const bound = mostInput(bytesRuleOf(PROVIDERS.named(provider), model, DIALECTS[dialect]), piecesOf(sent), false);
      return bound < tokens ? [`${dialect} ${text.slice(0, 12)}: ${tokens} > ${bound}`] : [];
    });
  });
}

/** Mistral's chats with tools, whose JSON its server writes anew. */
const ARGUMENTS = [
  '{"x":[1e15,1e15,1e15,1e15]}',
  '{"a":1,"b":2,"c":[1,2,3,4,5,6,7,8]}',
  '{"t":"é\\u00e9","u":-1.5E-300}',
];
const CHATS = ARGUMENTS.flatMap((json) =>
  [1, 40].map((times) => ({
    model: 'mistral-large-latest',
    messages: [
      { role: 'user', content: 'Do it.' },
      ...Array.from({ length: times }, (_, at) => {
        const id = `call${String(at).padStart(5, '0')}`;
        return [
          { role: 'assistant', tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: json } }] },
          { role: 'tool', tool_call_id: id, name: 'f', content: json },
        ];
      }).flat(),
    ],
    tools: [
      { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object', properties: {} } } },
    ],
  })),
);

let counted: Counted;
beforeAll(async () => {
  counted = await countAll(TEXTS, CHATS);
});

describe('the bound by bytes', () => {
  it('is over as many scripts as the promise says', () => {
    expect(SCRIPTS.length).toBeGreaterThanOrEqual(40);
    expect(SCRIPTS.every((script) => lettersOf(script, 80).length > 0)).toBe(true);
  });

  it.each([
    ['anthropic', 'claude-opus-4-6'],
    ['anthropic', 'claude-opus-4-7'],
    ['anthropic', 'claude-sonnet-5'],
    ['mistral', 'mistral-large-latest'],
    ['mistral', 'open-mixtral-8x22b'],
    ['together', 'llama-3.3-70b'],
    ['together', 'llama-4-maverick'],
    ['together', 'qwen3-235b'],
    ['deepseek', 'deepseek-chat'],
  ])('holds for %s %s', (provider, model) => {
    const tokens = counted.texts[`${provider} ${model}`] ?? [];
    expect(tokens).toHaveLength(TEXTS.length);
    expect(TEXTS.flatMap((text, at) => above(provider, model, text, tokens[at] ?? Infinity))).toEqual([]);
    // The same model by a name that tells nothing.
    expect(TEXTS.flatMap((text, at) => above('custom', 'team-alias', text, tokens[at] ?? Infinity))).toEqual([]);
  });

  it.each(['cl100k_base', 'o200k_base'] as const)('holds for OpenAI’s %s', (name) => {
    const encoding = getEncoding(name);
    const tokens = TEXTS.map((text) => encoding.encode(text, [], []).length);
    expect(TEXTS.flatMap((text, at) => above('openai', 'gpt-4o', text, tokens[at] ?? Infinity))).toEqual([]);
  });

  it('holds for what Mistral’s server makes of tools, their calls and results', () => {
    const rule = bytesRuleOf(PROVIDERS.named('mistral'), 'mistral-large-latest', {});
    const bounds = CHATS.map((chat) => mostInput(rule, [Buffer.from(JSON.stringify(chat))], true));
    expect(counted.chats).toHaveLength(CHATS.length);
    expect(bounds.map((bound, at) => bound >= (counted.chats[at] ?? Infinity))).toEqual(CHATS.map(() => true));
  });
});

describe('the rule of a model', () => {
  it.each([
    ['anthropic', 'claude-sonnet-4-5', 'anthropic', 64],
    ['aws', 'us.anthropic.claude-opus-4-8-v1:0', 'bedrock-converse', 64],
    ['openai', 'gpt-9', 'openai-chat', 128],
    ['azure', 'gpt-4o', 'openai-chat', 128],
    ['x-ai', 'grok-4', 'openai-chat', 1_024],
    ['openrouter', 'x-ai/grok-4', 'openai-chat', 1_024],
    ['groq', 'openai/gpt-oss-120b', 'openai-chat', 160],
    ['azure', 'our-deployment', 'openai-chat', 1_024],
    ['openrouter', 'openrouter/auto', 'openai-chat', 1_024],
    ['custom', '', 'tgi', 1_024],
  ] as const)('of %s %s is that of its maker, or else the dearest', (provider, model, dialect, constant) => {
    expect(bytesRuleOf(PROVIDERS.named(provider), model, DIALECTS[dialect]).constant).toBe(constant);
  });

  it('takes whatever lies behind the first 4 MiB for the worst', () => {
    const rule = bytesRuleOf({}, 'claude-opus-4-7', {});
    const body = Buffer.concat([Buffer.alloc(4 * 1024 * 1024, 'a'), Buffer.from('é'.repeat(1_000))]);
    expect(mostInput(rule, [body], false)).toBeGreaterThanOrEqual(4 * 1024 * 1024 + 6_000);
  });
});
