/** How messages show what a file holds, and what it may have meant. */

const SHOWN_LENGTH = 60;

/** A text as a message may hold it: on one line, printable, at most 60 characters; in quotes unless told otherwise. */
export function shown(text: string, quoted = true): string {
  const short = text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH - 1)}…` : text;
  const printable = short.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, escaped);
  return quoted ? `"${printable}"` : printable;
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** The candidate that a misspelt word most likely means; undefined where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = normalised(word);
  if (wanted.length < 2 || wanted.length > SHOWN_LENGTH) return undefined;
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: distanceOf(wanted, normalised(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  if (best !== undefined && best.distance <= Math.max(1, Math.floor(wanted.length / 3))) return best.candidate;
  return candidates.find((one) => one.length > 2 && (wanted.includes(one) || normalised(one).startsWith(wanted)));
}

/** Spelling habits that do not count as mistakes: capitals and the separator. */
function normalised(word: string): string {
  return word.toLowerCase().replaceAll('-', '_');
}

/** How many letters must be added, dropped or changed to make one word of the other (Levenshtein). */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
