import { describe, expect, test } from 'vitest';
import { PolicyError, problemLine } from '../../src/domain/errors.js';
import { fixture, problemsIn } from './policies.js';

// Each file has one mistake, told once: the whole line, but for the part that the fragment leaves open.
type Row = readonly [text: string, at: string, key: string, ...fragments: string[]];

const ROWS: readonly Row[] = [
  ['', '1:1', '', 'the file is empty', 'token-budget init'],
  ['# only a comment\n', '1:1', '', 'the file is empty'],
  ['~', '1:1', '', 'the file is empty'],
  ['- version: 1', '1:1', '', 'is a list, not a map'],
  ['version', '1:1', '', 'is a scalar, not a map'],
  ['run: x', '1:1', 'version', 'is missing', 'Write `version: 1`'],
  ['verson: 1', '1:1', 'verson', 'unknown key', 'Did you mean `version`?'],
  ['version: 2', '1:10', 'version', '"2" is not a supported version'],
  ['version: .inf', '1:10', 'version', '".inf" is not a usable number'],
  ['version: "1"', '1:10', 'version', 'is not a supported version'],
  ['version: 1\nlimit: {}', '2:1', 'limit', 'Did you mean `limits`?'],
  ['version: 1\nOn-Exceed: warn', '2:1', 'On-Exceed', 'Did you mean `on_exceed`?'],
  ['version: 1\ntokens: 5', '2:1', 'tokens', 'It belongs under `limits`'],
  ['version: 1\nwait: 5s', '2:1', 'wait', 'It belongs under `reserve`'],
  ['version: 1\nlimits: { on_exceed: warn }', '2:11', 'limits.on_exceed', 'at the top of the file'],
  ['version: 1\nfoo: 5', '2:1', 'foo', 'Known keys: version, run, limits'],
  ['version: 1\ncomment: { mode: update }', '2:1', 'comment', 'not supported yet'],
  ['version: 1\nmlflow: on', '2:9', 'mlflow', 'is not `off`, or a map with'],
  ['version: 1\nmlflow: [evals]', '2:9', 'mlflow', 'a list is not `off`'],
  ['version: 1\nmlflow: { uri: a }', '2:11', 'mlflow.uri', 'unknown key'],
  ['version: 1\nexperiment: evals', '2:1', 'experiment', 'It belongs under `mlflow`'],
  ['version: 1\nmlflow: { scorers: on }', '2:20', 'mlflow.scorers', 'is not one of auto, off'],
  ['version: 1\nmlflow: { experiment: " " }', '2:23', 'mlflow.experiment', 'an experiment name'],
  ['version: 1\nmlflow: { tracking_uri: "http://a:b@c" }', '2:25', 'mlflow.tracking_uri', 'without user and password'],
  ['version: 1\nlimits:\nwarn_at: 80%', '2:1', 'limits', 'the value is missing', 'a map of limits'],
  ['version: 1\nlimits: 5', '2:9', 'limits', '"5" is not a map of limits'],
  ['version: 1\nlimits: []', '2:9', 'limits', 'an empty list is not'],
  ['version: 1\nlimits: { tokens: }', '2:11', 'limits.tokens', 'the value is missing'],
  ['version: 1\nlimits: { tokens: 1.5 }', '2:19', 'limits.tokens', '"1.5" is not a whole number'],
  ['version: 1\nlimits: { tokens: -1 }', '2:19', 'limits.tokens', '"-1" is not a whole number'],
  ['version: 1\nlimits: { tokens: 1.0005k }', '2:19', 'limits.tokens', 'is not a whole number'],
  ['version: 1\nlimits: { tokens: 25e-1 }', '2:19', 'limits.tokens', 'is not a whole number'],
  ['version: 1\nlimits: { tokens: 9007199254740992 }', '2:19', 'limits.tokens', 'is not a whole number'],
  ['version: 1\nlimits: { tokens: "9007199254740992" }', '2:19', 'limits.tokens', 'is not a whole number'],
  ['version: 1\nlimits: { tokens: 9999999999M }', '2:19', 'limits.tokens', 'is not a whole number'],
  ['version: 1\nlimits: { tokens: true }', '2:19', 'limits.tokens', '"true" is not a whole number'],
  ['version: 1\nlimits: { tokens: 5m }', '2:19', 'limits.tokens', 'Write 50000, 50_000, 50k or 1.5M'],
  ['version: 1\nlimits:\n  tokens: 50,000', '3:11', 'limits.tokens', '"50,000" is not', 'Write 50_000.'],
  ['version: 1\nlimits: { tokens: 50,000 }', '2:22', 'limits.000', 'write 50_000 or 50000, not 50,000'],
  ['version: 1\nlimits: { cost_usd: $1.50 }', '2:21', 'limits.cost_usd', '"$1.50" is not an amount', 'Write 1.50.'],
  ['version: 1\nlimits: { cost_usd: 1.50 USD }', '2:21', 'limits.cost_usd', 'Write 1.50.'],
  ['version: 1\nlimits: { cost_usd: -0.01 }', '2:21', 'limits.cost_usd', 'is not an amount in USD'],
  ['version: 1\nlimits: { cost_usd: 9007199.254740992 }', '2:21', 'limits.cost_usd', 'below 9 million'],
  ['version: 1\nlimits: { cost: 1 }', '2:11', 'limits.cost', 'Did you mean `cost_usd`?'],
  ['version: 1\nlimits: { per_call: { models: {} } }', '2:23', 'limits.per_call.models', 'It belongs under `limits`'],
  ['version: 1\nlimits: { per_call: 5 }', '2:21', 'limits.per_call', 'is not a map of limits'],
  ['version: 1\nlimits: { models: 5 }', '2:19', 'limits.models', 'is not a map from models to limits'],
  ['version: 1\nlimits: { models: { gpt-4.1: 5 } }', '2:30', 'limits.models.gpt-4.1', 'is not a map of limits'],
  ['version: 1\nlimits: { models: { "": {} } }', '2:21', 'limits.models.""', 'the model name is empty'],
  ['version: 1\nlimits: { models: { a b: {} } }', '2:21', 'limits.models.a b', 'cannot contain spaces'],
  ['version: 1\nlimits: { models: { a*b*c*d*e*: {} } }', '2:21', 'limits.models.a*b*c*d*e*', 'at most 4 stars'],
  ['version: 1\nlimits: { models: { m/~x: { calls: x } } }', '2:36', 'limits.models.m/~x.calls', 'whole number'],
  ['version: 1\nlimits: { per_row: 5 }', '2:20', 'limits.per_row', 'is not a map of limits'],
  ['version: 1\nlimits: { per_row: { token: 5 } }', '2:22', 'limits.per_row.token', 'Did you mean `tokens`?'],
  ['version: 1\nlimits: { per_row: { calls: x } }', '2:29', 'limits.per_row.calls', 'whole number'],
  ['version: 1\nper_row: { calls: 1 }', '2:1', 'per_row', 'It belongs under `limits`'],
  ['version: 1\nlimits: { providers: 5 }', '2:22', 'limits.providers', 'is not a map from providers to limits'],
  ['version: 1\nlimits: { providers: { openai: 5 } }', '2:32', 'limits.providers.openai', 'is not a map of limits'],
  ['version: 1\nlimits: { providers: { OpenAI: {} } }', '2:24', 'limits.providers.OpenAI', 'are lower case'],
  ['version: 1\nlimits: { providers: { a b: {} } }', '2:24', 'limits.providers.a b', 'not a valid provider name'],
  ['version: 1\nlimits: { providers: { a*b*c*d*e*: {} } }', '2:24', 'limits.providers.a*b*c*d*e*', 'at most 4 stars'],
  ['version: 1\nlimits: { providers: { a: { cost_usd: $1 } } }', '2:39', 'limits.providers.a.cost_usd', 'Write 1.'],
  ['version: 1\non_exceed: rase', '2:12', 'on_exceed', 'not one of raise, warn, halt', 'Did you mean raise?'],
  ['version: 1\non_exceed: [warn]', '2:12', 'on_exceed', 'a list is not one of'],
  ['version: 1\nunpriced: no', '2:11', 'unpriced', '"no" is not refuse, warn, stated'],
  ['version: 1\ncounter: o200k', '2:10', 'counter', 'Did you mean o200k_base?'],
  ['version: 1\nwarn_at: 80', '2:10', 'warn_at', 'is not a share from 0% to 100%', 'Write 80% or 0.8'],
  ['version: 1\nwarn_at: 100.1%', '2:10', 'warn_at', 'is not a share'],
  ['version: 1\nwarn_at: -0.1', '2:10', 'warn_at', 'is not a share'],
  ['version: 1\nrun: []', '2:6', 'run', 'an empty list is not a command'],
  ['version: 1\nrun: "  "', '2:6', 'run', 'is not a command'],
  ['version: 1\nrun: "a\\0b"', '2:6', 'run', '\\u{0}', 'is not a command'],
  ['version: 1\nrun: [a, true]', '2:10', 'run.1', '"true" is not an argument', 'quotes'],
  ['version: 1\nrates: { a: { input: 1 } }', '2:13', 'rates.a', 'no `output`', 'use 0 for what is free'],
  ['version: 1\nrates: { a: { output: 1 } }', '2:13', 'rates.a', 'no `input`'],
  ['version: 1\nrates: { a: { input: 1, ouput: 2 } }', '2:25', 'rates.a.ouput', 'Did you mean `output`?'],
  ['version: 1\nrates: { a: { cache_read: 1 } }', '2:13', 'rates.a', 'no `input`'],
  ['version: 1\nrates: { a: 3 }', '2:13', 'rates.a', '"3" is not a rate', '`input` and `output`'],
  ['version: 1\nrates: { a: -1 }', '2:13', 'rates.a', '"-1" is not a rate'],
  ['version: 1\nrates: { a: free }', '2:13', 'rates.a', '"free" is not a rate'],
  ['version: 1\nrates: { a: {} }', '2:13', 'rates.a', 'the rate is empty'],
  ['version: 1\nrates: { a: }', '2:10', 'rates.a', 'the value is missing'],
  [
    'version: 1\nrates: { a: { cost_per_1k_tokens: 1, input: 2, output: 3 } }',
    '2:13',
    'rates.a',
    'combined with other rates',
  ],
  ['version: 1\nrates: { a: { input: .nan, output: 1 } }', '2:22', 'rates.a.input', '".nan" is not a usable number'],
  ['version: 1\nrates: { a: { input: 9e9, output: 99999999999 } }', '2:35', 'rates.a.output', 'is not an amount'],
  ['version: 1\nrates: { GPT-4o: 0, gpt-4o: 0 }', '2:21', 'rates.gpt-4o', 'same models as GPT-4o at p.yml:2:10'],
  ['version: 1\ncost_per_1k_tokens: 1\nrates: { "*": 0 }', '2:21', 'cost_per_1k_tokens', 'at p.yml:3:10'],
  ['version: 1\nreserve: { output_tokens: 0 }', '2:27', 'reserve.output_tokens', '0 output tokens', '1 or more'],
  ['version: 1\nreserve: { wait: 3 hours }', '2:18', 'reserve.wait', 'is not a time from 0 to 1 hour'],
  ['version: 1\nreserve: { wait: 61m }', '2:18', 'reserve.wait', 'is not a time from 0 to 1 hour'],
  ['version: 1\nreserve: { wait: 3600.1 }', '2:18', 'reserve.wait', 'is not a time from 0 to 1 hour'],
  ['version: 1\nreserve: { clamp: yes }', '2:19', 'reserve.clamp', '"yes" is not true or false', 'Write true'],
  ['version: 1\nreserve: { clamp: 1 }', '2:19', 'reserve.clamp', '"1" is not true or false'],
  ['version: 1\nreserve: { clmp: true }', '2:12', 'reserve.clmp', 'Did you mean `clamp`?'],
  ['version: 1\njournal: true', '2:10', 'journal', '"true" is not a map with `fsync`', '{ fsync: true }'],
  ['version: 1\njournal: { fsync: "true" }', '2:19', 'journal.fsync', 'is not true or false'],
  ['version: 1\njournal: { sync: true }', '2:12', 'journal.sync', 'Did you mean `fsync`?'],
  ['version: 1\nfsync: true', '2:1', 'fsync', 'It belongs under `journal`'],
  ['version: 1\nupstreams: { "https://a.b": {} }', '2:14', 'upstreams.https://a.b', 'must not include a scheme'],
  ['version: 1\nupstreams: { a.b/c: {} }', '2:14', 'upstreams.a.b/c', 'must not include a path'],
  ['version: 1\nupstreams: { u@a.b: {} }', '2:14', 'upstreams.u@a.b', 'must not include a user name'],
  ['version: 1\nupstreams: { "*": {} }', '2:14', 'upstreams.*', 'matches every host'],
  ['version: 1\nupstreams: { "*:443": {} }', '2:14', 'upstreams.*:443', 'matches every host'],
  ['version: 1\nupstreams: { a.b:99999: {} }', '2:14', 'upstreams.a.b:99999', 'above 65535'],
  ['version: 1\nupstreams: { a b: {} }', '2:14', 'upstreams.a b', 'this is not a valid host'],
  ['version: 1\nupstreams: { A.b: {}, a.B: {} }', '2:23', 'upstreams.a.B', 'already listed at p.yml:2:14'],
  ['version: 1\nupstreams: { a: { dialect: openai } }', '2:28', 'upstreams.a.dialect', 'Did you mean openai-chat?'],
  ['version: 1\nupstreams: { a: { provider: A B } }', '2:29', 'upstreams.a.provider', 'not a provider name'],
  [
    'version: 1\nupstreams: { a: { models: x } }',
    '2:27',
    'upstreams.a.models',
    'is not a map from the host’s own names',
  ],
  ['version: 1\nupstreams: { a: { models: { d: 5 } } }', '2:32', 'upstreams.a.models.d', 'is not a model name'],
  ['version: 1\nupstreams: { a: { models: { d: "gpt*" } } }', '2:32', 'upstreams.a.models.d', 'not a model name'],
  [
    'version: 1\nupstreams: { a: { models: { "d e": o3 } } }',
    '2:29',
    'upstreams.a.models.d e',
    'cannot contain spaces',
  ],
  ['version: 1\nrates: { m: { audio_input: 5 } }', '2:13', 'rates.m', 'the rate has no `output`'],
  [
    'version: 1\nrates: { m: { input: 1, output: 1, fees: 5 } }',
    '2:42',
    'rates.m.fees',
    'is not a map from units to fees',
  ],
  ['version: 1\nrates: { m: { fees: { serch: 5 } } }', '2:23', 'rates.m.fees.serch', 'Did you mean `search`?'],
  ['version: 1\nrates: { m: { fees: { search: $5 } } }', '2:31', 'rates.m.fees.search', 'an amount in USD', 'Write 5.'],
  [
    'version: 1\nrates: { m: { input: 1, output: 1, service_tiers: { flex: 101 } } }',
    ...(['2:59', 'rates.m.service_tiers.flex', 'is not a factor from 0 to 100'] as const),
  ],
  [
    'version: 1\nrates: { m: { input: 1, output: 1, service_tiers: { quick: 1 } } }',
    ...(['2:53', 'rates.m.service_tiers.quick', 'unknown key', 'flex, batch, priority, fast'] as const),
  ],
  ['version: 1\nupstreams: { a: }', '2:14', 'upstreams.a', 'the value is missing', '`{}`'],
  ...[
    'ftp://x',
    'x',
    'http://',
    'https://u:p@x',
    'https://x/v1',
    'https://x?q',
    'https://x#f',
    'https://*.x',
    '//x',
    'https:\\\\x',
    'https://x:99999',
  ].map((url): Row => [
    `version: 1\nupstreams: { a: { forward_to: '${url}' } }`,
    '2:31',
    'upstreams.a.forward_to',
    'not a server address',
  ]),
  // Syntax.
  ['version: 1\nlimits:\n\ttokens: 5', '3:1', '', 'tabs cannot be used for indentation'],
  ['version: 1\n---\nversion: 1', '2:1', '', 'more than one document'],
  ['version: 1\nrun: a: b', '2:6', '', 'two colons', 'quotes'],
  ['version: 1\nlimits: { tokens: 5', '2:20', '', 'a bracket is not closed'],
  ['version: 1\nrun: @x', '2:6', '', 'cannot begin with this character'],
  ['version: 1\nversion: 1', '2:1', 'version', 'duplicate key; the first is at p.yml:1:1'],
];

describe('a policy with one mistake is told so once, with place, key and remedy', () => {
  test.each(ROWS)('%j at %s, key %j', (text, at, key, ...fragments) => {
    const problems = problemsIn(text);
    expect(problems.map((problem) => [problem.at, problem.key])).toEqual([[`p.yml:${at}`, key]]);
    const line = problems.map(problemLine).join('\n');
    for (const fragment of fragments) expect(line).toContain(fragment);
    expect(line).toMatch(/\. \S.*[.?]$/);
  });
});

test('all mistakes of a file are told at once, in the order of the file', () => {
  const problems = problemsIn(fixture('all-at-once.yml'));
  expect(problems.map(({ at, key }) => `${at.replace('p.yml:', '')} ${key}`)).toEqual([
    '1:1 verson',
    '2:1 tokens',
    '3:1 comment',
    '5:11 limits.tokens',
    '6:10 limits.calls',
    '7:13 limits.cost_usd',
    '8:26 limits.per_call.000',
    '8:31 limits.per_call.token',
    '9:13 limits.models.a b',
    '9:27 limits.models.x',
    '9:55 limits.models.gpt-4.1.cost_usd',
    '9:68 limits.models.gpt-4.1.calls',
    '10:12 on_exceed',
    '11:10 warn_at',
    '12:13 rates.a',
    '12:30 rates.b',
    '12:36 rates.c',
    '12:43 rates.d',
    '12:80 rates.e',
    '12:97 rates.f.input',
    '13:27 reserve.output_tokens',
    '13:36 reserve.wait',
    '15:3 upstreams.https://x.y/z',
    '16:26 upstreams.Foo.bar.forward_to',
    '16:46 upstreams.Foo.bar.dialect',
    '17:3 upstreams.foo.bar',
    '18:6 run',
    '19:1 run',
  ]);
});

test('no problem repeats words of the validator', () => {
  const lines = [fixture('all-at-once.yml'), ...ROWS.map(([text]) => text)].flatMap(problemsIn).map(problemLine);
  for (const line of lines)
    expect(line).not.toMatch(/must (NOT|be|match|have)\b(?! (a|an|one|the) )|schema|instancePath|oneOf/);
});

test('of more than 50 mistakes the first 50 are listed', () => {
  const text = `version: 1\n${Array.from({ length: 60 }, (_, index) => `zzz${index}: 1`).join('\n')}`;
  const problems = problemsIn(text);
  expect(problems).toHaveLength(51);
  expect(problems.at(-1)).toMatchObject({ at: 'p.yml:52:1', message: 'there are more problems' });
});

test('the error says all problems in its message, a line each', () => {
  const error = new PolicyError(problemsIn('verson: 1\nrun: []'));
  expect(error.message.split('\n')).toEqual([
    'p.yml:1:1: verson: unknown key. Did you mean `version`?',
    expect.stringMatching(/^p\.yml:2:6: run: an empty list is not a command/),
  ]);
});
