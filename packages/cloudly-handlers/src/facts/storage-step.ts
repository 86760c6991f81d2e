const STEP = 5;

/** How far free storage must pass a border upwards to count as more, so that it does not go to and fro. */
const MARGIN = 2;

const LOW_BELOW = 10;
const RECOVERED_FROM = 15;

/**
 * Free storage in steps of 5 percent, rounded down, so that it seldom changes: it goes down at a border, and up only well above
 * one. Storage that is nearly used up counts as such until 15 percent are free.
 *
 * @param before the step until now
 */
export function storageStep(freePercent: number, before?: number): number {
  const step = Math.floor(Math.min(100, Math.max(0, freePercent)) / STEP) * STEP;
  if (before === undefined || step <= before) return step;
  if (freePercent < before + STEP + MARGIN) return before;
  return isStorageLow(before) && freePercent < RECOVERED_FROM ? LOW_BELOW - STEP : step;
}

/** Whether storage is nearly used up. */
export function isStorageLow(step: number | undefined): boolean {
  return step !== undefined && step < LOW_BELOW;
}
