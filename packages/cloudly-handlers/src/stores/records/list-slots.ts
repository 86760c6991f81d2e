import { type HistoryResolution, type HistorySlot, mergeSlots, openSlot } from '../../fleet/history.js';
import { lastHeartbeatOf, slotOf, type SlotRow } from './rows.js';

/** A closed slot; or the last heartbeat, which lies in the open slot. */
export type HistoryRow = (SlotRow & { last_heartbeat: null }) | { last_heartbeat: string };

/** A node's slots, the oldest first: those that are closed, and the open one. The rows must be of one instant. */
export function listSlots(rows: readonly HistoryRow[], resolution: HistoryResolution): HistorySlot[] {
  const slots = new Map<number, HistorySlot>();
  for (const row of rows) {
    const isClosed = row.last_heartbeat === null;
    const slot = isClosed ? slotOf(row) : openSlot(lastHeartbeatOf(row.last_heartbeat), resolution);
    addSlot(slots, slot);
  }
  return inOrder(slots);
}

/** If the clock was set back, a part of the open slot is closed already: the closed part has to come first. */
export function addSlot(slots: Map<number, HistorySlot>, slot: HistorySlot): void {
  const before = slots.get(slot.startMs);
  slots.set(slot.startMs, before ? mergeSlots(before, slot) : slot);
}

export function inOrder(slots: ReadonlyMap<number, HistorySlot>): HistorySlot[] {
  return [...slots.values()].toSorted((one, other) => one.startMs - other.startMs);
}
