/** So many at once, because most of the time of each is the way to the database. */
const LANES = 8;

/** What becomes of each, in their order, a few at a time. */
export async function mapInLanes<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += LANES) {
    results.push(...(await Promise.all(items.slice(start, start + LANES).map(work))));
  }
  return results;
}
