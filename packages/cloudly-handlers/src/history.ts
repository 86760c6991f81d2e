import type { Vitals } from '@serve.zone/baseos-contracts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How far a node's history reaches back, and how fine it is: a day in slots of five minutes, 90 days in hours. */
export const historyResolutions = {
  detail: { slotMs: 5 * MINUTE_MS, keptMs: DAY_MS },
  hours: { slotMs: HOUR_MS, keptMs: 90 * DAY_MS },
} as const;

export type HistoryResolution = keyof typeof historyResolutions;

/** What a node's heartbeats of one slot of time came to. A slot without heartbeats is left out. */
export interface HistorySlot {
  /** A multiple of the slot's length, since 1970. */
  startMs: number;
  heartbeatCount: number;
  /** Of the slot's last heartbeat; absent for a node of the predecessor. */
  vitals?: Vitals;
}

/** How many heartbeats have come in the slots that the last one lies in. */
export type SlotCounts = Record<HistoryResolution, number>;

/** What a store knows of the last heartbeat when the next one comes. */
export interface CountedHeartbeat {
  receivedAtMs: number;
  vitals?: Vitals;
  counts: SlotCounts;
}

export interface SlotTurn {
  /** For the heartbeat that has come. */
  counts: SlotCounts;
  /** The slots that it has closed, to be kept. */
  finished: { resolution: HistoryResolution; slot: HistorySlot }[];
}

/**
 * How a heartbeat moves a node's history on. Slots are written when they are closed: a heartbeat within the same five
 * minutes as the one before costs history no write.
 */
export const turnSlots = (last: CountedHeartbeat | undefined, receivedAtMs: number): SlotTurn => {
  const turn: SlotTurn = { counts: { detail: 1, hours: 1 }, finished: [] };
  if (!last) return turn;
  for (const resolution of resolutions) {
    const slot = openSlot(last, resolution);
    if (slot.startMs === slotStartMs(receivedAtMs, resolution)) turn.counts[resolution] = last.counts[resolution] + 1;
    else turn.finished.push({ resolution, slot });
  }
  return turn;
};

/** The slot that the last heartbeat lies in, as far as it has come. */
export const openSlot = (last: CountedHeartbeat, resolution: HistoryResolution): HistorySlot => ({
  startMs: slotStartMs(last.receivedAtMs, resolution),
  heartbeatCount: last.counts[resolution],
  ...(last.vitals && { vitals: last.vitals }),
});

/** The start of the oldest slot that is kept. */
export const oldestSlotMs = (nowMs: number, resolution: HistoryResolution): number =>
  slotStartMs(nowMs - historyResolutions[resolution].keptMs, resolution);

const slotStartMs = (atMs: number, resolution: HistoryResolution): number => {
  const { slotMs } = historyResolutions[resolution];
  return Math.floor(atMs / slotMs) * slotMs;
};

const resolutions: readonly HistoryResolution[] = ['detail', 'hours'];

/** What two parts of one slot come to, which a clock that was set back has torn apart. */
export const mergeSlots = (one: HistorySlot, later: HistorySlot): HistorySlot => ({
  ...later,
  heartbeatCount: one.heartbeatCount + later.heartbeatCount,
});
