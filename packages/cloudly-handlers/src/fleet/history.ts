import { type Vitals, vitalsSchema } from '@serve.zone/baseos-contracts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How far back a node's history goes, and its resolution: a day in slots of five minutes, 90 days in hours. */
export const historyResolutions = {
  detail: { slotMs: 5 * MINUTE_MS, keptMs: DAY_MS },
  hours: { slotMs: HOUR_MS, keptMs: 90 * DAY_MS },
} as const;

export type HistoryResolution = keyof typeof historyResolutions;

/** How far back history is kept, in milliseconds; 0 for none of that resolution. At most, and by default, all there is. */
export interface HistoryOptions {
  /** In slots of five minutes. @default a day */
  detailKeptMs?: number | undefined;
  /** In slots of an hour. @default 90 days */
  hoursKeptMs?: number | undefined;
}

export type HistoryKept = Readonly<Record<HistoryResolution, number>>;

const allHistory: HistoryKept = {
  detail: historyResolutions.detail.keptMs,
  hours: historyResolutions.hours.keptMs,
};

/** @throws TypeError for an option out of its bounds. */
export function resolveHistory(options: HistoryOptions = {}): HistoryKept {
  const { detailKeptMs = allHistory.detail, hoursKeptMs = allHistory.hours } = options;
  requireKept('detailKeptMs', detailKeptMs, allHistory.detail);
  requireKept('hoursKeptMs', hoursKeptMs, allHistory.hours);
  return { detail: detailKeptMs, hours: hoursKeptMs };
}

function requireKept(name: string, keptMs: number, maxMs: number): void {
  if (Number.isSafeInteger(keptMs) && keptMs >= 0 && keptMs <= maxMs) return;
  throw new TypeError(`${name} must be a whole number of milliseconds from 0 to ${maxMs}, but is ${keptMs}`);
}

/** The sum of a node's heartbeats in one slot of time. A slot without heartbeats is left out. */
export interface HistorySlot {
  /** A multiple of the slot's length, since 1970. */
  startMs: number;
  heartbeatCount: number;
  /** Those of the slot's last heartbeat that the contract names; absent for a legacy node. */
  vitals?: Vitals;
}

/** How many heartbeats have arrived in the slots of the last one. */
export type SlotCounts = Record<HistoryResolution, number>;

/** What a store knows about the last heartbeat when the next one arrives. */
export interface CountedHeartbeat {
  receivedAtMs: number;
  vitals?: Vitals;
  counts: SlotCounts;
}

export interface SlotTurn {
  /** For the new heartbeat. */
  counts: SlotCounts;
  /** The slots that it has closed, to be stored. */
  finished: { resolution: HistoryResolution; slot: HistorySlot }[];
}

/**
 * How a heartbeat advances a node's history. Slots are written when they are closed: a heartbeat within the same five
 * minutes as the previous one causes no write of history. A resolution that is not kept has no finished slots.
 */
export function turnSlots(
  last: CountedHeartbeat | undefined,
  receivedAtMs: number,
  kept: HistoryKept = allHistory,
): SlotTurn {
  const turn: SlotTurn = { counts: { detail: 1, hours: 1 }, finished: [] };
  if (!last) return turn;
  for (const resolution of resolutions) {
    const isSame = slotStartMs(last.receivedAtMs, resolution) === slotStartMs(receivedAtMs, resolution);
    if (isSame) turn.counts[resolution] = last.counts[resolution] + 1;
    else if (kept[resolution] > 0) turn.finished.push({ resolution, slot: openSlot(last, resolution) });
  }
  return turn;
}

/** The slot of the last heartbeat, as far as it is filled. */
export function openSlot(last: CountedHeartbeat, resolution: HistoryResolution): HistorySlot {
  return {
    startMs: slotStartMs(last.receivedAtMs, resolution),
    heartbeatCount: last.counts[resolution],
    ...(last.vitals && { vitals: namedVitals(last.vitals) }),
  };
}

/**
 * Everything else that a node sends is stored once, with its last heartbeat: in every slot it could be as large as a
 * whole request.
 */
function namedVitals(vitals: Vitals): Vitals {
  return Object.fromEntries(
    Object.entries(vitals).filter(([name]) => Object.hasOwn(vitalsSchema.entries, name)),
  ) as Vitals;
}

/** The start of the oldest slot that is kept; an instant that never comes if none is kept. */
export function oldestSlotMs(nowMs: number, resolution: HistoryResolution, kept: HistoryKept = allHistory): number {
  return kept[resolution] > 0 ? slotStartMs(nowMs - kept[resolution], resolution) : Number.MAX_SAFE_INTEGER;
}

function slotStartMs(atMs: number, resolution: HistoryResolution): number {
  const { slotMs } = historyResolutions[resolution];
  return Math.floor(atMs / slotMs) * slotMs;
}

const resolutions: readonly HistoryResolution[] = ['detail', 'hours'];

/** The sum of two parts of one slot, which a clock that was set back has split. */
export function mergeSlots(one: HistorySlot, later: HistorySlot): HistorySlot {
  return {
    ...later,
    heartbeatCount: one.heartbeatCount + later.heartbeatCount,
  };
}
