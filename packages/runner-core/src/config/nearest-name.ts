/** The known name that was probably meant; undefined where none is near. */
export function nearestName(name: string, knownNames: readonly string[]): string | undefined {
  const nearEnough = Math.max(3, Math.floor(name.length / 3));
  let nearest: { name: string; distance: number } | undefined;
  for (const known of knownNames) {
    if (Math.abs(known.length - name.length) > nearEnough) continue;
    const distance = editDistance(name, known);
    if (distance <= nearEnough && distance < (nearest?.distance ?? Number.POSITIVE_INFINITY)) {
      nearest = { name: known, distance };
    }
  }
  return nearest?.name;
}

/** Levenshtein's: how many characters to insert, remove or replace. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
