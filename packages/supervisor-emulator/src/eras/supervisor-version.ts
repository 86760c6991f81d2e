/** Whether a version is this one or a later one. A part that is not a number counts as 0. */
export function isAtLeast(version: string, least: string): boolean {
  const [own, other] = [partsOf(version), partsOf(least)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (own[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function partsOf(version: string): number[] {
  return version.split('.', 3).map((part) => Number.parseInt(part, 10) || 0);
}
