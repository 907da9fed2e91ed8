import { expect, test } from 'vitest';
import { Mask } from '../../src/mask/mask.js';
import { secretsIn } from '../../src/mask/secrets.js';

const words = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  new Mask(secretsIn(env)).words(argv);

test.each([
  [
    ['python', 'eval.py', '--api-key', 'abc123'],
    ['python', 'eval.py', '--api-key', '***'],
  ],
  [
    ['node', 'e.js', '--key=abc123'],
    ['node', 'e.js', '--key=***'],
  ],
  [
    ['env', 'OPENAI_API_KEY=sk-proj-0123456789', 'KEY_PROD=abc', 'DB_PASS=1234', 'node'],
    ['env', 'OPENAI_API_KEY=***', 'KEY_PROD=***', 'DB_PASS=***', 'node'],
  ],
  [
    ['curl', '-H', 'Authorization: Bearer sk-ant-0123456789abc'],
    ['curl', '-H', 'Authorization: ***'],
  ],
  [
    ['curl', '-HAuthorization: Basic dXNlcjpwYXNzd29yZA==', '-H', 'X-Api-Key: abc def', '-b', 'cookie=a.b'],
    ['curl', '-HAuthorization: ***', '-H', 'X-Api-Key: *** def', '-b', 'cookie=***'],
  ],
  [
    ['curl', '--proxy-header', 'Basic dXNlcjpwYXNzd29yZA==', 'bearer abcdefgh12'],
    ['curl', '--proxy-header', '***', '***'],
  ],
  [
    ['curl', '-u', 'ada:secret', '--user', 'ada:secret', '-uada:secret'],
    ['curl', '-u', '***', '--user', '***', '-u***'],
  ],
  [
    ['bash', '-c', "TOKEN='a b c' run && echo sk-proj-0123456789"],
    ['bash', '-c', 'TOKEN=*** run && echo ***'],
  ],
  [
    ['bash', '-c', 'curl -u ada:secret https://x.example && e.py --password hunter2 --client-secret "a b"'],
    ['bash', '-c', 'curl -u *** https://x.example && e.py --password *** --client-secret ***'],
  ],
  [
    ['node', 'e.js', '{"api_key":"abc","model":"gpt-4o","nested":{"clientSecret": "x y"}}'],
    ['node', 'e.js', '{"api_key":***,"model":"gpt-4o","nested":{"clientSecret": ***}}'],
  ],
  [
    ['sh', '-c', 'e "{\\"api_key\\": \\"abc\\", \\"n\\": 1}"'],
    ['sh', '-c', 'e "{\\"api_key\\": ***, \\"n\\": 1}"'],
  ],
  [
    ['e', 'https://ada:secret@proxy.example:8080/x', 'postgres://ada:secret@db/x', 'https://abcdef@git.example/x'],
    ['e', 'https://***@proxy.example:8080/x', 'postgres://***@db/x', 'https://***@git.example/x'],
  ],
  [
    ['e', 'ada:secret@db.example', 'https://x.example/v1?key=abc&model=gpt-4o'],
    ['e', '***@db.example', 'https://x.example/v1?key=***&model=gpt-4o'],
  ],
  [
    ['hub', 'ghp_0123456789abcdef', 'AKIA0123456789ABCDEF', 'eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl'],
    ['hub', '***', '***', '***'],
  ],
])('%j is kept as %j', (argv, masked) => {
  expect(words(argv)).toEqual(masked);
});

test.each([
  [['eval', '--max-tokens', '100']],
  [['eval', '--max-tokens=100', '--num_tokens=5', '--tokens', '--token-file', 'x', '{"tokens": 100}']],
  [['node', 'monkey.js', '--author', 'ada', '--path=/tmp', 'risk-assessment-v2', 'task-2024-runner']],
  [['docker', 'run', 'img:tag@sha256:0123456789abcdef', 'npm:x@latest', 'git@github.com:octo/evals.git']],
  [
    [
      'git',
      'show',
      '0123456789abcdef0123456789abcdef01234567',
      '-u',
      'root',
      '/nix/store/0123456789abcdef0123456789abcdef-x',
    ],
  ],
])('%j names no secret and stays as it is', (argv) => {
  expect(words(argv)).toEqual(argv);
});

test('values of variables whose names say so are masked in whatever word they stand, as they are and as encoded', () => {
  const env = { VENDOR_TOKEN: 'p+q/r=s t"u', DEPLOY_SECRET_OLD: 'abcd1234', 'INPUT_GITHUB-TOKEN': 'ghs-abcdefgh' };
  expect(
    words(['e', 'x=p+q/r=s t"u;', 'p%2Bq%2Fr%3Ds%20t%22u', 'p+q/r=s t\\"u', '/abcd1234/', 'ghs-abcdefgh'], env),
  ).toEqual(['e', 'x=***;', '***', '***', '/***/', '***']);
});

test.each([
  ['OPENAI_API_KEY', 'sk-abcdef'],
  ['apiKey', 'abcdefg1'],
  ['KEY_PROD', 'abcdefg1'],
  ['DB_PASSWORD', 'hunter22'],
  ['SMTP_PASS', 'hunter22'],
  ['MY_PAT', 'abcdefg1'],
  ['AWS_SECRET_ACCESS_KEY', 'abcdefg1'],
  ['SENTRY_DSN', 'https://a1@sentry.example/1'],
])('the value of %s is a secret', (name, value) => {
  expect(secretsIn({ [name]: value })).toEqual([value]);
});

test.each([
  ['MAX_TOKENS', '12345678'],
  ['TOKEN_FILE', '/run/secret/token1'],
  ['API_KEY_PATH', '/run/secret/token1'],
  ['PWD', '/home/runner/work/evals'],
  ['OLDPWD', '/home/runner/work/evals'],
  ['SSH_AUTH_SOCK', '/tmp/ssh-1/agent'],
  ['TOKENIZERS_PARALLELISM', 'false-or-true'],
  ['TOKEN_BUDGET_HOOK', '{"port":1}'],
  ['INPUT_COMMENT-KEY', 'evals-small'],
  ['INPUT_MAX-TOKENS', '50_000_000'],
  ['SECRET_KEY', 'short'],
  ['SECRET_KEY', 'production'],
  ['KEY_VAULT_NAME', 'acme-vault-1'],
])('the value of %s (%s) is not', (name, value) => {
  expect(secretsIn({ [name]: value })).toEqual([]);
});

test('the longest word that a system takes, of whatever it is made, is looked through in no time', () => {
  const begun = performance.now();
  for (const part of [
    'sk-',
    'a.',
    'a:',
    'eyJ-',
    '-----BEGIN PRIVATE KEY-----',
    'x=',
    ' --a ',
    '"',
    'A1',
    'a://',
    '\\"',
  ])
    words([part.repeat(131_072 / part.length)]);
  expect(performance.now() - begun).toBeLessThan(30_000);
}, 60_000);
