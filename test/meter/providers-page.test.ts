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
    'This page is generated from the tables that the gateway decides by (in `src/meter/`); a test keeps it current.',
    '',
    'Before a call is sent, its worst case is reserved: the most tokens that its input can have, the most that it may write,',
    'and the fees of what it asks for. When the answer comes, the reservation gives way to the usage that the provider reports.',
    'Some calls have no sound bound, and the report marks them *unbounded*: calls with images, audio or files, with tools that',
    'run at the provider or state kept there, calls to a router whose choice is not known, and calls into which no output limit',
    'can be written.',
    '',
    '- **Input** is bounded by the [rule](#bounds-on-input) of the model’s maker, wherever the model is served.',
    '- **Output** is bounded by the limit that the request sets, times the number of answers that it asks for. Of several limits',
    '  the largest counts, whichever server knows it. If a request sets none, `reserve.output_tokens` is written into the field',
    '  named below.',
    '- **Fees** have a page of their own, [tools.md](tools.md). What has no known price is refused under a cost limit.',
    '- **An error** frees the reservation only if a [rule](#what-an-error-costs) says so. An answer that breaks off, or a success',
    '  that brings neither usage nor anything generated, is charged its full reservation.',
    '- **Work that goes on after its answer** (`background`, `deferred`, asynchronous jobs) keeps its reservation until the',
    '  command fetches the result. If it never does, the full reservation is charged.',
    '- **A whole answer without usage** is counted by our own tokenizer (`counter` in the policy). That count may be too low; the',
    '  report says `estimated`.',
    '- **A bill above the reservation** is named in the report (`above_hold`). More input than was reserved raises the bound of',
    '  that model for the rest of the run.',
    '',
    '## Providers',
    '',
    ...PROVIDER_ROWS.flatMap(sectionOf),
    '## Bounds on input',
    '',
    'No factor on a count of our own is a bound: counts by two tokenizers can differ by a factor of four and more. A token of',
    'nearly every tokenizer is at least one byte; the exceptions, and what a provider adds, are in the rules.',
    '',
    ...ruleLines(),
    '',
    'The exact count is used for OpenAI’s own models only, at OpenAI and Azure, and only if the bytes do not fit. It replaces the',
    'bytes of plain texts by their tokens, following tiktoken’s table of models (0.14.0, 2026-11-28). Tools, schemas, arguments',
    'and everything else still count by their bytes.',
    '',
    '## What an error costs',
    '',
    `Unless a rule below says otherwise, ${errorsAnywhere()}.`,
    'After any other status the full reservation is charged.',
    '',
    'The first rule that applies decides. *Stated*: the provider says so. *Meaning*: it describes the status that way. *Like case*:',
    'it says so of a similar case. *Not stated*: nobody says, so the reservation is charged.',
    '',
    ...statusLines(),
    '',
  ].join('\n');
  await expect(text).toMatchFileSnapshot('../../docs/providers.md');
});
