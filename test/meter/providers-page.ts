/** The page of the docs that says for each provider what bounds a call: made of the tables that calls are bound by. */
import { BYTES_RULES, ANY_RULE, bytesRuleOf, type BytesRule } from '../../src/meter/bytes-rule.js';
import { OTHERWISE, WORKED } from '../../src/meter/billed-statuses.js';
import { classify } from '../../src/meter/classify.js';
import { encodingsOf } from '../../src/meter/exact-count.js';
import { ruleFor } from '../../src/meter/billed-failure.js';
import { isObject, type JsonObject } from '../../src/lib/json.js';
import { PROVIDERS } from '../../src/providers/index.js';
import { makerOf, type Maker } from '../../src/providers/makers.js';
import type { StatusRule } from '../../src/providers/status-rule.js';

/** A provider as people call it, with the endpoints that write text there. */
export interface ProviderRow {
  readonly title: string;
  /** Its id in the tables. */
  readonly provider: string;
  /** One of its hosts. */
  readonly host: string;
  readonly paths: readonly string[];
  /** What else is to be known. */
  readonly note?: string;
}

const CHAT = '/v1/chat/completions';
const VERTEX = '/v1/projects/p/locations/global';

export const PROVIDER_ROWS: readonly ProviderRow[] = [
  row('OpenAI', 'openai', 'api.openai.com', [CHAT, '/v1/responses', '/v1/completions']),
  row('Azure OpenAI and AI Foundry', 'azure', 'my.openai.azure.com', [
    '/openai/deployments/d/chat/completions',
    '/openai/v1/responses',
    '/models/chat/completions',
  ]),
  row('Anthropic', 'anthropic', 'api.anthropic.com', ['/v1/messages']),
  row('Gemini API', 'google', 'generativelanguage.googleapis.com', [
    '/v1beta/models/gemini-3.5-flash:generateContent',
    '/v1beta/interactions',
    '/v1beta/openai/chat/completions',
  ]),
  row('Vertex AI', 'google', 'aiplatform.googleapis.com', [
    `${VERTEX}/publishers/google/models/gemini-3.5-flash:generateContent`,
    `${VERTEX}/publishers/anthropic/models/claude-sonnet-5:rawPredict`,
    `${VERTEX}/endpoints/openapi/chat/completions`,
  ]),
  row(
    'Amazon Bedrock',
    'aws',
    'bedrock-runtime.us-east-1.amazonaws.com',
    ['/model/amazon.nova-pro-v1:0/converse', '/model/amazon.nova-pro-v1:0/invoke', '/openai/v1/responses'],
    'A request signed with AWS keys is never changed: if it sets no output limit of its own, it is *unbounded*.',
  ),
  row('Mistral', 'mistral', 'api.mistral.ai', [CHAT, '/v1/conversations', '/v1/fim/completions']),
  row('xAI', 'x-ai', 'api.x.ai', [CHAT, '/v1/responses']),
  row('Groq', 'groq', 'api.groq.com', ['/openai/v1/chat/completions', '/openai/v1/responses']),
  row('DeepSeek', 'deepseek', 'api.deepseek.com', ['/chat/completions', '/anthropic/v1/messages']),
  row('Cohere', 'cohere', 'api.cohere.com', ['/v2/chat']),
  row(
    'Perplexity',
    'perplexity',
    'api.perplexity.ai',
    ['/chat/completions', '/v1/responses'],
    'Sonar searches without being asked, so each call to it is *unbounded*. The cost of a search is in its price, as a fee per call.',
  ),
  row('OpenRouter', 'openrouter', 'openrouter.ai', ['/api/v1/chat/completions', '/api/v1/responses']),
  row('Together', 'together', 'api.together.xyz', [CHAT, '/v1/completions']),
  row('Fireworks', 'fireworks', 'api.fireworks.ai', ['/inference/v1/chat/completions']),
  row('Cerebras', 'cerebras', 'api.cerebras.ai', [CHAT]),
  row('GitHub Models', 'github-models', 'models.github.ai', ['/inference/chat/completions']),
  row('Ollama’s cloud', 'ollama-cloud', 'ollama.com', ['/api/chat', CHAT]),
  row(
    'Ollama of your own',
    'ollama',
    '127.0.0.1',
    ['/api/chat', '/api/generate'],
    'Free of cost; its tokens and calls count.',
  ),
  row(
    'Other servers that the policy names',
    'custom',
    'llm.corp.example',
    [CHAT, '/v1/responses', '/v1/messages'],
    'If the upstream names a `provider`, that provider’s rules apply.',
  ),
];

function row(title: string, provider: string, host: string, paths: readonly string[], note?: string): ProviderRow {
  return { title, provider, host, paths, ...(note !== undefined && { note }) };
}

export function sectionOf(one: ProviderRow): readonly string[] {
  const { hosts } = PROVIDERS.named(one.provider);
  const own = hosts.filter((host) => host.includes('aiplatform') === one.host.includes('aiplatform'));
  return [
    `### ${one.title}`,
    '',
    `- **Hosts:** ${own.length === 0 ? 'those of the policy' : listOf(own)}`,
    `- **Input:** ${inputOf(one.provider)}`,
    `- **Output:** ${one.paths.map((path) => outputOf(one.provider, path)).join('; ')}`,
    `- **Fees:** ${feesOf(one.provider)}`,
    `- **After an error:** ${errorsOf(one)}`,
    ...(one.note === undefined ? [] : [`- ${one.note}`]),
    '',
  ];
}

function inputOf(name: string): string {
  const provider = PROVIDERS.named(name);
  const maker = makerOf(provider, '');
  const rule = maker
    ? `the rule *${maker}*, unless the model’s name tells of another maker`
    : 'the rule of the model’s maker, as its name tells; else the rule *any*';
  const encodings = encodingsOf(provider, 'gpt-4o');
  if (encodings.length === 0) return rule;
  const by = encodings.length === 1 ? 'the model’s own tokenizer' : `${listOf(encodings)}; the higher count applies`;
  return `${rule}. If the bytes do not fit, OpenAI’s own models are counted exactly, with ${by}`;
}

function outputOf(provider: string, path: string): string {
  const kind = classify('POST', path, PROVIDERS.named(provider), undefined);
  if (kind.kind !== 'call') throw new Error(`${path} is not a call at ${provider}`);
  const members = kind.dialect.bound(1, PROVIDERS.named(provider), {}, path);
  const name = /((models\/)?chat|fim)\/completions$|[^/:]+$/.exec(path)?.[0] ?? path;
  if (members === undefined) return `\`${name}\` requires a \`max_tokens\` of its own`;
  return `\`${name}\` gets ${listOf(namesIn(members))}`;
}

/** The members in which the bound stands, `a.b` for b within a. */
function namesIn(members: JsonObject, before = ''): string[] {
  return Object.entries(members).flatMap(([name, value]) =>
    isObject(value) ? namesIn(value, `${before}${name}.`) : [`${before}${name}`],
  );
}

function feesOf(provider: string): string {
  const { tools: all = [], tiers: rates = [] } = PROVIDERS.named(provider);
  const tools = all.filter(({ meter }) => meter !== undefined).length;
  const tiers = new Set(rates.flatMap(({ factors }) => Object.keys(factors)));
  const words: Readonly<Record<string, string>> = { regional: 'one region', longCache: 'a cache for hours' };
  const known = [...tiers].map((tier) => words[tier] ?? tier).sort();
  const rows = tools === 1 ? 'one row' : `${tools} rows`;
  const priced = tools === 0 ? 'no tool that runs there has a price' : `${rows} in [tools.md](tools.md)`;
  return known.length === 0 ? priced : `${priced}; prices by model for ${known.join(', ')}`;
}

/** Statuses after which nothing is charged: by themselves, or where the error is in the provider's own format. */
function freeStatuses({ provider, host }: Pick<ProviderRow, 'provider' | 'host'>, own: boolean): readonly number[] {
  const body = own ? { error: { type: 'other' } } : undefined;
  const all = Array.from({ length: 300 }, (_, at) => 300 + at);
  return all.filter(
    (status) => !ruleFor({ provider: PROVIDERS.named(provider), host, status, headers: {}, body }).billed,
  );
}

const ANYWHERE = { provider: 'custom', host: 'llm.corp.example' };

/** What goes for every provider of which nothing else is said. */
export function errorsAnywhere(): string {
  const bare = freeStatuses(ANYWHERE, false);
  const own = freeStatuses(ANYWHERE, true).filter((status) => !bare.includes(status));
  return `nothing is charged after ${rangesOf(bare)}, nor after ${rangesOf(own)} in the provider’s own error format`;
}

/** How a provider's errors differ from that; a long list stands for itself. */
function errorsOf(one: ProviderRow): string {
  const anywhere = freeStatuses(ANYWHERE, true);
  const free = freeStatuses(one, true);
  const more = free.filter((status) => !anywhere.includes(status));
  const less = anywhere.filter((status) => !free.includes(status));
  const listed = more.length > 5 ? free : more;
  const tellsByWords = PROVIDERS.named(one.provider).statuses?.some(({ error }) => error);
  return [
    'as [everywhere](#what-an-error-costs)',
    ...(more.length > 0 ? [`nothing is charged after ${rangesOf(listed)} in its own error format`] : []),
    ...(less.length > 0 ? [`the full reservation is charged after ${rangesOf(less)}`] : []),
    ...(tellsByWords ? ['the text of the error decides too'] : []),
  ].join('; ');
}

function rangesOf(statuses: readonly number[]): string {
  const starts = statuses.filter((status) => !statuses.includes(status - 1));
  return starts
    .map((from) => {
      const length = Array.from({ length: 301 }, (_, at) => from + at).findIndex((each) => !statuses.includes(each));
      return length === 1 ? String(from) : `${from}–${from + length - 1}`;
    })
    .join(', ');
}

const OLDER = bytesRuleOf({}, 'claude-opus-4-6', {});

/** The rules for input, the one for older models beside its maker's. */
export function ruleLines(): readonly string[] {
  const makers = Object.keys(BYTES_RULES) as Maker[];
  const lines = makers.map((maker) => ruleLine(maker, BYTES_RULES[maker]));
  lines.splice(makers.indexOf('anthropic') + 1, 0, ruleLine('anthropic, up to 4.6', OLDER));
  return [
    '| Rule | Tokens on top of the bytes | More with tools | More for the text | Source |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
    ruleLine('any', ANY_RULE),
  ];
}

function ruleLine(name: string, { constant, tools, beyond, source }: BytesRule): string {
  const [always, more] = [constant, tools].map((tokens) => tokens.toLocaleString('en'));
  return `| ${[name, always, more, beyond ?? '–', source].join(' | ')} |`;
}

const OF_PROVIDERS = PROVIDERS.all.flatMap(({ name, statuses = [] }) =>
  statuses.map((rule) => ({ provider: name, ...rule })),
);

/** Every rule with whose it is, in their order. */
const STATUS_RULES: readonly (StatusRule & { readonly provider?: string })[] = [
  ...OF_PROVIDERS.filter(({ first }) => first),
  ...WORKED,
  ...OF_PROVIDERS.filter(({ first }) => !first),
  ...OTHERWISE,
];

export function statusLines(): readonly string[] {
  return [
    '| Provider | Status | Condition | Charged | Why | Basis | Source |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...STATUS_RULES.map(statusLine),
  ];
}

function statusLine(rule: StatusRule & { readonly provider?: string }): string {
  const { provider, host, statuses, error, own, billed, fee, basis, why, source, date } = rule;
  const where = error ? 'the error says so' : own ? 'in its own error format' : '–';
  const charged = billed
    ? fee
      ? `the reservation, at least $${(fee / 1e9).toFixed(2)}`
      : 'the reservation'
    : 'nothing';
  const ranges = statuses.map((each) => (typeof each === 'number' ? String(each) : `${each[0]}–${each[1]}`));
  const place = `${provider ?? 'any'}${host === undefined ? '' : ` (${host})`}`;
  return `| ${[place, ranges.join(', '), where, charged, why, basis, `[${date}](${source})`].join(' | ')} |`;
}

function listOf(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}
