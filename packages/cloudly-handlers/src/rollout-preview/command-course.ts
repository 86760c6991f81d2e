/** How commands of one kind went lately. */
export interface CommandCourse {
  /** How long those took that have succeeded, the shortest first. */
  durationsMs: readonly number[];
  endedCount: number;
  failedCount: number;
}

/** The duration that so much of them do not exceed; nothing if there are none. */
export function durationAt({ durationsMs }: CommandCourse, percent: number): number | undefined {
  return durationsMs[Math.min(durationsMs.length - 1, Math.floor((durationsMs.length * percent) / 100))];
}

/** A different one of the durations for each of the nodes, in turn. */
export function durationOf({ durationsMs }: CommandCourse, index: number): number {
  // A step that shares no factor with the length visits them all, far ones one after the other.
  const step = stepFor(durationsMs.length);
  return durationsMs[(index * step) % Math.max(1, durationsMs.length)] ?? 0;
}

function stepFor(length: number): number {
  let step = Math.max(1, Math.floor(length * 0.618));
  while (greatestCommonDivisor(step, length) > 1) step += 1;
  return step;
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}
