/** What an agent on a gated device remembers of those before it. */
export interface GateMemory {
  /** Starts in a row, this one included, that have not proved that the agent works. */
  unprovenStarts: number;
  /** For how long agents have run since Cloudly last answered with a 200. */
  silentMs: number;
}

export const blankMemory: GateMemory = { unprovenStarts: 0, silentMs: 0 };

/** A start proves itself by a finished turn, by so much time, or by a stop that somebody asked for. */
export const provenAfterMs = 10 * 60_000;
const crashesMax = 2;

/** Whether an agent that finds this must not hold releases back: the ones before it crashed, and a release may mend that. Pure. */
export function isCrashLoop({ unprovenStarts }: GateMemory): boolean {
  return unprovenStarts >= crashesMax;
}

/** As the agent notes it when it starts. Pure. */
export function withStart(memory: GateMemory): GateMemory {
  return { ...memory, unprovenStarts: memory.unprovenStarts + 1 };
}

/** Pure. */
export function withProof(memory: GateMemory): GateMemory {
  return { ...memory, unprovenStarts: 0 };
}

/** A start that was ended on purpose says nothing. Pure. */
export function withoutStart(memory: GateMemory): GateMemory {
  return { ...memory, unprovenStarts: Math.max(0, memory.unprovenStarts - 1) };
}
