/** What a pull request changes of its policy, in words for the comment and for the log. */
import type { Inputs } from './inputs.js';
import type { PolicyChange } from '../policy/changes.js';
import { code, oneLine } from '../report/escape.js';
import { plural } from '../report/format.js';

/** How the base branch's policy was had: what is told of it. */
type BaseRead =
  | { readonly kind: 'none' | 'policy' }
  | { readonly kind: 'absent'; readonly path: string }
  | { readonly kind: 'unread'; readonly reason: string };

/** A notice in a comment is cut at 600 characters, and there are ten of them: nothing that loosens may be lost by that. */
const MOST_CHARACTERS = 540;
const MOST_NOTICES = 8;
const MOST_VALUE = 100;

/** Sentences in Markdown of the base branch's policy and of what the pull request changes; empty where all is as before. */
export function baseNotices(
  base: BaseRead,
  file: string,
  changes: readonly PolicyChange[],
  source: Inputs['policySource'],
): string[] {
  switch (base.kind) {
    case 'none':
      return [];
    case 'unread':
      return [
        `Could not read the base branch’s policy, so loosened limits are not reported: ${oneLine(base.reason, 400)}`,
      ];
    case 'absent':
      return [absentWords(base.path, source)];
    default:
      return changes.length === 0 ? [] : changeNotices(file, changes.map(changeMarkdown), source);
  }
}

/** Each change with old and new, as plain text. */
export function changeLines(changes: readonly PolicyChange[]): string[] {
  return changes.map(({ name, from, to }) => `${oneLine(name)}: ${value(from, plainValue)} → ${value(to, plainValue)}`);
}

/** Which of two copies holds. */
export function enforcedWords(source: Inputs['policySource']): string {
  return source === 'base'
    ? 'The base branch’s policy is enforced; the pull request’s can only tighten it.'
    : 'The pull request’s changed policy is enforced.';
}

function absentWords(path: string, source: Inputs['policySource']): string {
  return source === 'base'
    ? 'The base branch has no policy yet, so this pull request’s policy is enforced.'
    : `The base branch has no ${code(path)} to compare this pull request’s policy with.`;
}

/** All changes in as few sentences as they fit in. */
function changeNotices(file: string, words: readonly string[], source: Inputs['policySource']): string[] {
  const enforced =
    source === 'base'
      ? 'The base branch’s policy is enforced; this one can only tighten it.'
      : 'The changed policy is enforced.';
  const packs = packed(words);
  const [first = [], ...more] = packs.slice(0, MOST_NOTICES);
  const left = packs.slice(MOST_NOTICES).flat().length;
  return [
    `This pull request changes the policy ${code(file)}: ${first.join('; ')}. ${enforced}`,
    ...more.map((pack) => `It also changes ${pack.join('; ')}.`),
    ...(left > 0 ? [`${plural(left, 'more change')} to the policy: see the step’s log.`] : []),
  ];
}

function packed(words: readonly string[]): string[][] {
  const packs: string[][] = [];
  // The first shares its line with the file's name and what is enforced.
  let room = MOST_CHARACTERS - 200;
  for (const word of words) {
    const last = packs.at(-1);
    if (last && word.length + 2 <= room) last.push(word);
    else {
      if (last) room = MOST_CHARACTERS;
      packs.push([word]);
    }
    room -= word.length + 2;
  }
  return packs;
}

function changeMarkdown({ name, from, to }: PolicyChange): string {
  return `${code(name)} ${value(from, markdownValue)} → ${value(to, markdownValue)}`;
}

function value(text: string | undefined, shown: (text: string) => string): string {
  return text === undefined ? 'none' : shown(text);
}

/** Numbers and words need no fence. */
function markdownValue(text: string): string {
  return /^\$?[\w,.]+$/.test(text) ? text : code(text, MOST_VALUE);
}

function plainValue(text: string): string {
  return oneLine(text, MOST_VALUE);
}
