import * as fc from 'fast-check';

/** Strings that try to leave their place: markup, mentions, fences, quotes, line ends, terminal sequences, any text. */
export const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom('`', '``', '```', '|', '\\', '\\|', '<', '>', '[', ']', '](', '@', '@octocat', '\n', '\r', '\t'),
      fc.constantFrom(
        '<!--',
        '-->',
        '<script>',
        '</details>',
        '</script>',
        '</style>',
        '</svg>',
        '&lt;',
        '&',
        '"',
        "'",
      ),
      fc.constantFrom('\u001B[31m', '\u2028', '\u202E', '\uD800', '#1', '" onload="alert(1)', ']]>', '<![CDATA[', '\0'),
      fc.constantFrom('https://evil.example', 'www.evil.example', 'a@b.example', '$x$', '~~', '**', '---', '| --- |'),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));
