/**
 * What each field of a policy must be, in words. A schema validator's own messages name keywords; a person needs to know
 * what was expected and how to write it.
 */
import { nearest, shown } from './suggest.js';
import { KNOWN_KEYS } from '../generated/policy-validator.generated.js';
import type { Kind } from './kinds.js';
import type { Tree } from './tree.js';

interface Sentence {
  /** Completes "… is not" and "the value is missing; it must be". */
  readonly expected: string;
  readonly remedy: string;
}

/** For each kind of value, what it must be and how to write it. */
export const SENTENCES: Readonly<Record<Kind, Sentence>> = {
  file: { expected: 'a map of keys', remedy: 'Begin with `version: 1`.' },
  version: { expected: 'a supported version (1)', remedy: 'Write `version: 1`.' },
  run: {
    expected: 'a command (a shell line, or a list of a program and its arguments)',
    remedy: 'Write `run: python evals/run.py`, or delete the key.',
  },
  argument: { expected: 'an argument (text or a number)', remedy: 'Put quotes around it.' },
  limits: { expected: 'a map of limits', remedy: 'Write `limits:` with `tokens: 50_000` indented below it.' },
  ceilings: { expected: 'a map of limits', remedy: 'Write `{ tokens: 8k }`, for example.' },
  models: { expected: 'a map from models to limits', remedy: 'Write `"gpt-4o*": { cost_usd: 1.00 }`, for example.' },
  providers: {
    expected: 'a map from providers to limits',
    remedy: 'Write `openai: { cost_usd: 1.00 }`, for example.',
  },
  count: {
    expected: 'a whole number from 0 to 9007199254740991',
    remedy: 'Write 50000, 50_000, 50k or 1.5M.',
  },
  usd: {
    expected: 'an amount in USD, 0 or more and below 9 million',
    remedy: 'Write a plain decimal number, such as 1.50.',
  },
  choice: { expected: 'one of the allowed words', remedy: 'Use one of the allowed words.' },
  part: { expected: 'a share from 0% to 100%', remedy: 'Write 80% or 0.8.' },
  rates: {
    expected: 'a map from models to rates',
    remedy: 'Write `gpt-4o: { input: 2.50, output: 10 }`, in USD per 1M tokens.',
  },
  rate: {
    expected: 'a rate (0 for free, or a map with `input` and `output` in USD per 1M tokens)',
    remedy: 'Write `{ input: 2.50, output: 10 }`, or `{ cost_per_1k_tokens: 0.03 }`.',
  },
  prices: {
    expected: 'a price file (a path, `owner/repo/path@SHA`, or a map with `file` and `sha256`)',
    remedy: 'Write `prices: prices.yml`, for example.',
  },
  priceFile: { expected: 'a file name', remedy: 'Write `prices.yml`, for example.' },
  sha256: {
    expected: 'a SHA-256 of 64 hexadecimal digits',
    remedy: 'Write what `sha256sum prices.yml` prints, in quotes.',
  },
  unpriced: {
    expected: 'refuse, warn, stated, or a map with `stated`',
    remedy: 'Write `unpriced: refuse`, or `{ stated: 0.50 }` with the USD to reserve for each such call.',
  },
  fees: {
    expected: 'a map from units to fees',
    remedy: 'Write `{ search: 0.01 }`, for example: the USD for each search.',
  },
  serviceTiers: {
    expected: 'a map from service tiers to factors',
    remedy: 'Write `{ flex: 0.5, priority: 2 }`, for example.',
  },
  factor: { expected: 'a factor from 0 to 100', remedy: 'Write a plain decimal number, such as 0.5.' },
  reserve: {
    expected: 'a map with `output_tokens`, `wait` or `clamp`',
    remedy: 'Write `{ output_tokens: 1024 }`, for example.',
  },
  wait: { expected: 'a time from 0 to 1 hour', remedy: 'Write 500ms, 30s, 2m, or a number of seconds.' },
  flag: { expected: 'true or false', remedy: 'Write true, or delete the key.' },
  journal: { expected: 'a map with `fsync`', remedy: 'Write `{ fsync: true }`, for example.' },
  upstreams: {
    expected: 'a map from hosts to their settings',
    remedy: 'Write `"127.0.0.1:11434": { dialect: openai-chat }`, for example.',
  },
  upstream: {
    expected: 'a map with `forward_to`, `dialect`, `provider`, `models` or `key_variable`',
    remedy: 'Write `{ dialect: openai-chat }`, or `{}` for a host that uses the paths of a known provider.',
  },
  origin: {
    expected: 'a server address (scheme, host, and a port if needed)',
    remedy: 'Write `https://llm.corp.example` or `http://127.0.0.1:9100`, with no path, query or user name.',
  },
  provider: {
    expected: 'a provider name',
    remedy: 'Use a name from the price table, such as openai or anthropic.',
  },
  modelNames: {
    expected: 'a map from the host’s own names to models',
    remedy: 'Write `{ my-deployment: gpt-4o }`, for example.',
  },
  modelName: { expected: 'a model name', remedy: 'Use the provider’s own name, such as gpt-4o.' },
  keyVariable: {
    expected: 'the name of an environment variable',
    remedy: 'Write the name in capitals, such as CORP_LLM_API_KEY, never the key itself.',
  },
  mlflow: {
    expected: '`off`, or a map with `tracking_uri`, `experiment` or `scorers`',
    remedy: 'Write `{ experiment: evals }`, for example.',
  },
  tracking: {
    expected: 'a tracking URI without user and password',
    remedy: 'Write the address alone; credentials belong in MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.',
  },
  experiment: { expected: 'an experiment name', remedy: 'Write a name of 1 to 500 characters.' },
};

/** What a value is, as the subject of "… is not …". */
export function subjectOf(tree: Tree): string {
  if (tree.kind === 'map') return 'a map';
  if (tree.kind === 'list') return tree.items.length === 0 ? 'an empty list' : 'a list';
  return shown(tree.text);
}

/** How to fix a value of this kind; common mistakes get a remedy of their own. */
export function remedyFor(kind: Kind, text: string): string {
  if (kind === 'count' || kind === 'usd') {
    const digits = /^\$?\s*(\d[\d,]*(?:\.\d+)?)(?:\s*(?:USD|\$))?$/.exec(text.slice(0, 40))?.[1];
    if (digits !== undefined && /[,$U]/.test(text)) return `Write ${digits.replaceAll(',', '_')}.`;
  }
  return SENTENCES[kind].remedy;
}

const TITLES: Readonly<Partial<Record<Kind, string>>> = {
  file: 'PolicyFile',
  limits: 'Limits',
  ceilings: 'Ceilings',
  rate: 'Rate',
  fees: 'Fees',
  serviceTiers: 'ServiceTiers',
  reserve: 'Reserve',
  prices: 'Prices',
  unpriced: 'Unpriced',
  journal: 'JournalOptions',
  upstream: 'UpstreamHost',
  mlflow: 'Mlflow',
};
const HOMES: readonly (readonly [title: string, home: string])[] = [
  ['Limits', 'under `limits`'],
  ['Rate', 'under a model in `rates`'],
  ['Reserve', 'under `reserve`'],
  ['JournalOptions', 'under `journal`'],
  ['UpstreamHost', 'under a host in `upstreams`'],
  ['Mlflow', 'under `mlflow`'],
  ['PolicyFile', 'at the top of the file'],
];
const LATER: ReadonlySet<string> = new Set(['comment']);

/** The problem with an unknown key in a map of this kind. */
export function unknownKey(key: string, kind: Kind): { message: string; remedy: string } {
  if (kind === 'file' && LATER.has(key)) {
    return { message: 'this key is not supported yet', remedy: 'Delete it until a version of Token Budget reads it.' };
  }
  const known = KNOWN_KEYS[TITLES[kind] ?? ''] ?? [];
  const message = 'unknown key';
  if (/^\d+(\.\d+)?$/.test(key)) {
    return { message, remedy: 'A comma between digits ends the number: write 50_000 or 50000, not 50,000.' };
  }
  const home = HOMES.find(([title]) => KNOWN_KEYS[title]?.includes(key))?.[1];
  if (home !== undefined) return { message, remedy: `It belongs ${home}.` };
  const near = nearest(key, known);
  if (near !== undefined) return { message, remedy: `Did you mean \`${near}\`?` };
  return { message, remedy: `Known keys: ${known.join(', ')}.` };
}
