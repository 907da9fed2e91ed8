/**
 * Patterns as users write them for models and hosts: `*` stands for any run of characters, all else for itself,
 * without regard to case. Compiled once; no user text ever becomes a regular expression of its own.
 */
export function compilePattern(pattern: string): (name: string) => boolean {
  const source = pattern
    .split(/\*+/)
    .map((literal) => literal.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^]*?');
  const expression = new RegExp(`^${source}$`, 'i');
  return (name) => expression.test(name);
}

/** Orders patterns by how much they say: an exact name first, then the longest literal part. */
export function bySpecificity(a: string, b: string): number {
  return specificity(b) - specificity(a);
}

function specificity(pattern: string): number {
  return pattern.includes('*') ? pattern.replaceAll('*', '').length : 1e6 + pattern.length;
}
