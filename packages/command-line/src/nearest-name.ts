/** The name that was probably meant, if one is near: it differs in case, begins so, or differs in a third of its characters at most. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  return names
    .map((name) => ({ name, distance: isSpelledOtherwise(typed, name) ? 0 : editDistance(typed, name) }))
    .filter(({ name, distance }) => distance <= name.length / 3)
    .toSorted((left, right) => left.distance - right.distance)[0]?.name;
}

function isSpelledOtherwise(typed: string, name: string): boolean {
  return typed.toLowerCase() === name.toLowerCase() || (typed.length > 2 && name.startsWith(typed));
}

/**
 * How many characters must be inserted, removed, replaced or swapped with their neighbour to make one word of the other
 * (optimal string alignment).
 */
function editDistance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, index) => index)];
  const distance = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= from.length; row += 1) {
    rows.push([row]);
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      rows[row]?.push(
        Math.min(
          distance(row - 1, column) + 1,
          distance(row, column - 1) + 1,
          distance(row - 1, column - 1) + (isSame ? 0 : 1),
          isSwapped ? distance(row - 2, column - 2) + 1 : Infinity,
        ),
      );
    }
  }
  return distance(from.length, to.length);
}
