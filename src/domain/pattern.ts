/**
 * Patterns as users write them for models and hosts: `*` stands for any run of characters, all else for itself,
 * without regard to case. Compiled once; no user text ever becomes a regular expression, which many stars would make
 * take time without bound: each part between stars is looked for once, from left to right.
 */
export function compilePattern(pattern: string): (name: string) => boolean {
  const [head = '', ...parts] = pattern.toLowerCase().split(/\*+/);
  const tail = parts.pop();
  if (tail === undefined) return (name) => name.toLowerCase() === head;
  return (name) => {
    const folded = name.toLowerCase();
    if (!folded.startsWith(head) || !folded.endsWith(tail)) return false;
    const end = parts.reduce((from, part) => endOf(folded, part, from), head.length);
    return end <= folded.length - tail.length;
  };
}

/** Where the first such part ends; past every end where there is none. */
function endOf(text: string, part: string, from: number): number {
  const start = text.indexOf(part, from);
  return start < 0 ? Infinity : start + part.length;
}

/** Orders patterns by how much they say: an exact name first, then the longest literal part. */
export function bySpecificity(a: string, b: string): number {
  return specificity(b) - specificity(a);
}

function specificity(pattern: string): number {
  return pattern.includes('*') ? pattern.replaceAll('*', '').length : 1e6 + pattern.length;
}
