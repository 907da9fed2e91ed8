/** A request target's path, without its query and the slashes at its end. */
export function pathOf(target: string): string {
  const path = target.split('?', 1)[0] ?? '';
  let end = path.length;
  while (path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}
