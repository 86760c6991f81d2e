import { dirname } from 'node:path';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import type { Disk, DiskEffect, DiskEvent, DiskNode } from './memory-file-system.js';

/** The unit that a disk writes whole or not at all. */
const SECTOR_BYTES = 512;
/** Up to so many effects, every subset of them is tried; of more, a sample. */
const EXHAUSTIVE_EFFECTS = 7;
const SAMPLED_SUBSETS = 120;

/** What a power cut left. */
export interface CutDisk {
  disk: Disk;
  /** What happened before it, for the message of a test. */
  where: string;
  /** What was marked before it. */
  marks: readonly unknown[];
  /** Nothing happened between the last mark and the cut. */
  isAtMark: boolean;
  /** A write was under way that the disk has carried out in part. */
  isTorn: boolean;
}

/**
 * Every disk that a power cut may leave of what happened: before the first event, after each, and after the last. What was
 * synced by then is there. Each effect that was not is kept or lost, whatever becomes of the others: names and bytes and
 * modes in every combination, also out of order, and the bytes of a write also in part, cut or in disorder within
 * its first and last sector. So it is harsher than any journal; what survives it does not rest on how one works.
 *
 * @param from how many events have happened before the first cut
 */
export function* disksAfterPowerCut(start: Disk, events: readonly DiskEvent[], from = 0): Generator<CutDisk> {
  const durable = startOf(start);
  let pending: DiskEffect[] = [];
  const marks: unknown[] = [];
  for (let count = 0; count <= events.length; count += 1) {
    const event = events[count - 1];
    const lastMarks = [...marks];
    if (event?.kind === 'mark') marks.push(event.mark);
    else if (event?.kind === 'sync' || event?.kind === 'sync-directory') {
      for (const effect of pending.filter((each) => isSynced(each, event))) apply(durable, effect);
      pending = pending.filter((each) => !isSynced(each, event));
    } else if (event) pending.push(event);
    if (count < from) continue;
    const isAtMark = event?.kind === 'mark';
    const place = `after ${count} of ${events.length} (${event ? describe(event) : 'nothing yet'})`;
    const cut = (kept: readonly DiskEffect[], fate: string, isTorn: boolean): CutDisk => ({
      disk: left(durable, kept),
      where: `${place}: ${fate}`,
      marks: isAtMark ? [...marks] : lastMarks,
      isAtMark,
      isTorn,
    });
    for (const kept of subsets(pending)) {
      yield cut(kept, `kept ${kept.map(describe).join(', ') || 'nothing'} of ${pending.length}`, false);
    }
    if (event?.kind !== 'bytes') continue;
    // Whoever wants no torn disk has seen all the others by now.
    const others = pending.filter((effect) => effect !== event);
    for (const keptOthers of others.length === 0 ? [[]] : [others, []]) {
      for (const { bytes, tear } of tears(event.bytes)) {
        yield cut([...keptOthers, { ...event, bytes }], `${tear}, kept ${keptOthers.length} others`, true);
      }
    }
  }
}

interface Durable {
  names: Map<string, Readonly<DiskNode>>;
  bytes: Map<number, Uint8Array>;
  modes: Map<number, number>;
}

function startOf(disk: Disk): Durable {
  return {
    names: new Map(disk),
    bytes: new Map([...disk.values()].map(({ id, bytes }) => [id, bytes])),
    modes: new Map([...disk.values()].map(({ id, mode }) => [id, mode])),
  };
}

function isSynced(effect: DiskEffect, sync: Extract<DiskEvent, { kind: 'sync' | 'sync-directory' }>): boolean {
  return sync.kind === 'sync'
    ? effect.kind !== 'names' && effect.id === sync.id
    : effect.kind === 'names' && effect.directory === sync.directory;
}

function apply({ names, bytes, modes }: Durable, effect: DiskEffect): void {
  if (effect.kind === 'bytes') bytes.set(effect.id, effect.bytes);
  else if (effect.kind === 'mode') modes.set(effect.id, effect.mode);
  else {
    for (const [path, node] of effect.names) {
      if (node) names.set(path, node);
      else names.delete(path);
    }
  }
}

function left(durable: Durable, kept: readonly DiskEffect[]): Disk {
  const after: Durable = {
    names: new Map(durable.names),
    bytes: new Map(durable.bytes),
    modes: new Map(durable.modes),
  };
  for (const effect of kept) apply(after, effect);
  const disk = new Map<string, DiskNode>();
  for (const path of [...after.names.keys()].toSorted()) {
    const node = after.names.get(path);
    // What is in a directory goes with it.
    if (!node || (path !== '/' && !disk.has(dirname(path)))) continue;
    const mode = after.modes.get(node.id) ?? node.mode;
    disk.set(path, { ...node, mode, bytes: after.bytes.get(node.id) ?? new Uint8Array() });
  }
  return disk;
}

/** In the order in which they happened. The seed is fixed: the same events give the same sample. */
function* subsets(effects: readonly DiskEffect[]): Generator<DiskEffect[]> {
  if (effects.length <= EXHAUSTIVE_EFFECTS) {
    for (let bits = 0; bits < 2 ** effects.length; bits += 1) {
      yield effects.filter((_, index) => (bits >> index) % 2 === 1);
    }
    return;
  }
  yield [];
  yield [...effects];
  for (const one of effects) {
    yield [one];
    yield effects.filter((effect) => effect !== one);
  }
  let seed = effects.length;
  for (let count = 0; count < SAMPLED_SUBSETS; count += 1) {
    yield effects.filter(() => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed > 2 ** 31;
    });
  }
}

/** A write is torn at each byte, or at every seventh, which finds the same faults. */
const TEAR_STEP_BYTES = howMany(7, 1);

/** What a disk may have carried out of a write into a new file. */
function* tears(bytes: Uint8Array): Generator<{ bytes: Uint8Array; tear: string }> {
  for (let length = 0; length < bytes.length; length += TEAR_STEP_BYTES) {
    if (length > SECTOR_BYTES && length < bytes.length - SECTOR_BYTES) continue;
    const zeros = bytes.slice();
    yield { bytes: bytes.slice(0, length), tear: `cut at ${length}` };
    yield { bytes: zeros.fill(0, length), tear: `zeros from ${length}` };
  }
}

function describe(event: DiskEvent): string {
  switch (event.kind) {
    case 'names':
      return event.names.map(([path, node]) => `${path} ${node ? `is ${node.id}` : 'is gone'}`).join(' and ');
    case 'bytes':
      return `${event.bytes.length} bytes of ${event.id}`;
    case 'mode':
      return `mode of ${event.id}`;
    case 'sync':
      return `sync of ${event.id}`;
    case 'sync-directory':
      return `sync of ${event.directory}`;
    default:
      return event.kind;
  }
}
