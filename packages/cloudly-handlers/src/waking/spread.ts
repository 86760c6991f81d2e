/** How long to keep away requests that wait: from 1 to 60 s at random, because all of them are sent away at once. */
export function spreadMs(random: () => number): number {
  return 1000 + random() * 59_000;
}
