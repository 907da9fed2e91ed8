/** The page of providers: each that is metered has its place, and what stands there is what calls are bound by. */
import { expect, it } from 'vitest';
import { BYTES_RULES } from '../../src/meter/bytes-rule.js';
import { PROVIDERS } from '../../src/providers/index.js';
import { OTHERWISE, WORKED } from '../../src/meter/billed-statuses.js';
import { errorsAnywhere, PROVIDER_ROWS, ruleLines, sectionOf, statusLines } from './providers-page.js';

it('has a section for every provider that is metered without being told', () => {
  for (const { name: provider, hosts } of PROVIDERS.all.filter((row) => row.hosts.length > 0)) {
    const sections = PROVIDER_ROWS.filter((row) => row.provider === provider).map((row) => sectionOf(row).join('\n'));
    expect(sections, provider).not.toEqual([]);
    for (const host of hosts) expect(sections.filter((text) => text.includes(`\`${host}\``))).toHaveLength(1);
  }
});

it('has every rule, each with the day on which its grounds were read', () => {
  expect(ruleLines()).toHaveLength(2 + Object.keys(BYTES_RULES).length + 2);
  for (const { source } of Object.values(BYTES_RULES)) expect(source).toMatch(/, 20\d\d-\d\d-\d\d$/);
  const own = PROVIDERS.all.flatMap(({ statuses = [] }) => statuses);
  expect(statusLines()).toHaveLength(2 + WORKED.length + OTHERWISE.length + own.length);
});

it('is the page of the docs, word for word', async () => {
  const text = [
    '# What bounds a call, by provider',
    '',
    'This page is made from the tables that the gateway decides by (in `src/providers/` and `src/meter/`); a test keeps the two alike.',
    '',
    'Before a call is sent, its worst case is held: the most tokens that its input can have, the most that it may write, and',
    'the fees of what it asks for. After the answer the hold gives way to what the provider says that it used. Some calls have',
    'no sound bound, and the report marks them *unbounded*: calls with pictures, sound or files, with tools that run at the',
    'provider or state that is kept there, to a router whose choice is not known, and calls into which an output bound cannot',
    'be written.',
    '',
    '- **Input** is bounded by the [rule](#bounds-on-input) of the model’s maker, wherever the model is served.',
    '- **Output** is bounded by what the request states, times the answers that it asks for; of several bounds the largest',
    '  counts, whatever server knows it. Below stands the member that `reserve.output_tokens` is written into where a request',
    '  states none.',
    '- **Fees** have their own page, [tools.md](tools.md). What has no known price is refused under a cost limit.',
    '- **An error** frees the hold only by a [rule](#what-an-error-costs) that says so. An answer that breaks off, or a success',
    '  that brings neither usage nor anything generated, costs its hold as well.',
    '- **Work that goes on after its answer** (`background`, `deferred`, asynchronous jobs) keeps its hold until the command',
    '  fetches the answer. What it never fetches costs its hold.',
    '- **Usage that a whole answer does not state** is counted by our own tokenizer (`counter` in the policy). That may be too',
    '  low: the report says `estimated`.',
    '- **What is billed above its hold** is told in the report (`above_hold`). More input than was held raises the bound of that',
    '  model for the rest of the run.',
    '',
    '## Providers',
    '',
    ...PROVIDER_ROWS.flatMap(sectionOf),
    '## Bounds on input',
    '',
    'No factor on a count of our own is a bound: counts by two tokenizers differ by 4 and more. A token of nearly every tokenizer',
    'is at least a byte; what is not so, and what a provider adds, stands in the rule.',
    '',
    ...ruleLines(),
    '',
    'The exact count, for OpenAI’s own models at OpenAI and Azure alone, replaces the bytes of plain texts by their tokens, after',
    'tiktoken’s table of models (0.14.0, 2026-11-28). Tools, schemas, arguments and the rest keep their bytes. It is asked only',
    'where the bytes do not fit.',
    '',
    '## What an error costs',
    '',
    `Where nothing else is said, ${errorsAnywhere()}.`,
    'After any other status the whole hold is charged.',
    '',
    'Of the rules below the first that fits decides. *Stated*: the provider says so. *Meaning*: so it describes the status. *Like',
    'case*: it says so of a like case. *Not stated*: nobody says, so the hold stays.',
    '',
    ...statusLines(),
    '',
  ].join('\n');
  await expect(text).toMatchFileSnapshot('../../docs/providers.md');
});
