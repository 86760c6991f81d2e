/** A release as people tell it from another. */
export function shortRelease(commit: string): string {
  return commit.slice(0, 7);
}
