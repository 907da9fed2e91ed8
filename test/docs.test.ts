/** What the documents promise: links that lead somewhere, examples that work, words that the product says. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keyVariables } from '../src/gateway/held-keys.js';
import { PROVIDERS } from '../src/providers/index.js';
import { loadPolicy } from '../src/policy/load.js';
import { readPriceList } from '../src/policy/price-file.js';
import { ROOT, workflowsIn } from './support/workflows.js';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...docs];

/** A page's text without its blocks of code. */
const proseOf = (page: string) => read(page).replace(/^```[^]*?^```$/gm, '');

/** A heading as GitHub makes an anchor of it. */
const anchorOf = (heading: string) =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

const headingsIn = (page: string) =>
  [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.trim());

const linksIn = (page: string) =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => (/^\w+:/.test(link) ? [] : [link]));

/** Why a link leads nowhere; undefined where it leads somewhere. */
function broken(page: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
  if (!existsSync(join(ROOT, file))) return `${page}: ${link} is not there`;
  if (anchor === undefined || headingsIn(file).some((heading) => anchorOf(heading) === anchor)) return undefined;
  return `${page}: ${link} has no such heading`;
}

test('the README has at most 1,500 words', () => {
  expect(read('README.md').split(/\s+/).length).toBeLessThanOrEqual(1_500);
});

test('the README keeps the two commands that start everything', () => {
  const commands = [...read('README.md').matchAll(/^```sh\n([^`]*?)\n```$/gm)].map(([, command]) => command);
  expect(commands).toEqual(expect.arrayContaining(['node dist/cli.js demo', 'npm cit']));
});

describe('links', () => {
  test.each(pages)('in %s lead to files and headings that are there', (page) => {
    expect(linksIn(page).flatMap((link) => broken(page, link) ?? [])).toEqual([]);
  });

  test('that lead nowhere are found', () => {
    expect(broken('README.md', 'docs/nothing.md')).toBe('README.md: docs/nothing.md is not there');
    expect(broken('README.md', 'docs/faq.md#nothing')).toBe('README.md: docs/faq.md#nothing has no such heading');
    expect(broken('docs/faq.md', '#questions')).toBeUndefined();
  });

  test.each(['docs', 'docs/decisions'])('in the README of %s lead to every page beside it', (folder) => {
    const beside = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.md') && name !== 'README.md');
    expect(linksIn(`${folder}/README.md`)).toEqual(expect.arrayContaining(beside));
  });
});

describe('examples', () => {
  const examples = workflowsIn('examples/workflows');
  /** The YAML blocks of a Markdown text. */
  const blocksOf = (markdown: string) =>
    [...markdown.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, block = '']) => block);
  const indented = (block: string, by: number) => block.replace(/^(?=.)/gm, ' '.repeat(by));
  const isPart = (block: string) =>
    [0, 2, 4, 6].some((by) => examples.some(({ text }) => text.includes(indented(block, by))));
  const isWorkflow = (block: string) => /\buses: |^permissions:/m.test(block);
  const isPriceList = (block: string) => /^date: /m.test(block);
  const strays = (markdown: string) => blocksOf(markdown).filter((block) => isWorkflow(block) && !isPart(block));
  const policiesIn = (page: string) =>
    blocksOf(read(page)).filter((block) => !isWorkflow(block) && !isPriceList(block));
  /** A part of a policy becomes a whole one. */
  const whole = (block: string) =>
    /^version: /m.test(block) ? block : `version: 1\nlimits: { per_call: { cost_usd: 1 } }\n${block}`;

  test.each(pages)('of workflows in %s are the same text as a part of a whole one', (page) => {
    expect(strays(read(page))).toEqual([]);
  });

  test.each(pages)('of policies in %s load without a warning', (page) => {
    const policies = policiesIn(page);
    expect(policies.map((block) => loadPolicy(whole(block), page).warnings)).toEqual(policies.map(() => []));
  });

  test('of files of prices load', () => {
    const lists = pages.flatMap((page) => blocksOf(read(page)).filter(isPriceList));
    expect(lists.length).toBeGreaterThan(0);
    for (const list of lists) {
      expect(
        readPriceList(list, { file: 'prices.yml', at: 'token-budget.yml:1:1', pinned: false }).rates.length,
      ).toBeGreaterThan(0);
    }
  });

  test('are there', () => {
    expect(pages.flatMap((page) => blocksOf(read(page)).filter(isWorkflow)).length).toBeGreaterThan(1);
    expect(pages.flatMap(policiesIn).length).toBeGreaterThan(4);
  });

  test('of workflows are found to differ where one does', () => {
    const steps = '- uses: token-budget/token-budget@v1\n  with:\n    policy: token-budget.yml\n';
    expect(strays('```yaml\n' + steps + '```\n')).toEqual([]);
    const other = steps.replace('policy:', 'polcy:');
    expect(strays('```yaml\n' + other + '```\n')).toEqual([other]);
  });
});

test.each(pages.filter((page) => page !== 'CHANGELOG.md'))('the files and rooms that %s names are there', (page) => {
  const named = [...proseOf(page).matchAll(/`((?:src|test|schema|scripts|bench)\/[\w./-]+)`/g)];
  expect(named.flatMap(([, path = '']) => (existsSync(join(ROOT, path)) ? [] : [path]))).toEqual([]);
});

test('every message in a heading of the FAQ is one that the product says', () => {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('generated'))
    .map((name) => read(`src/${name}`))
    .join('\n');
  // A quotation of several words is a message; a single word is a field or a command.
  const messages = headingsIn('docs/faq.md').flatMap((heading) =>
    [...heading.matchAll(/`([a-z][^`:]* [^`:]*)`/gi)].map(([, words = '']) => words),
  );
  expect(messages.length).toBeGreaterThan(8);
  expect(messages.filter((words) => !sources.includes(words))).toEqual([]);
});

test('every variable whose key the gateway can hold is in the page of the policy', () => {
  const page = read('docs/policy.md');
  expect(keyVariables(PROVIDERS).filter(({ variable }) => !page.includes(`\`${variable}\``))).toEqual([]);
});

test('each file that the architecture’s list names is there', () => {
  const [, list = ''] = read('ARCHITECTURE.md').split('## Where is');
  const rows = [...list.matchAll(/^\| [^|]+ \| (`[^|]+`) \|$/gm)].map(([, cell = '']) => cell);
  const files = rows.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file));
  expect(rows.length).toBe(30);
  expect(files.filter((file) => file !== 'src/' && !existsSync(join(ROOT, 'src', file)))).toEqual([]);
});

test('each test that holds an invariant is there', () => {
  const named = [...read('ARCHITECTURE.md').matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});
