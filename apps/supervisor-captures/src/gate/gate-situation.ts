import type { RecordedOutcome, RecordedRequest } from '../recordings/recording.js';

/** What was asked and answered while one thing went on, in the order of time. */
export interface GateSituation {
  /** Its place in the file, from 0. */
  index: number;
  title: string;
  /** Of the Supervisor, such as 19.0.5. */
  version: string;
  entries: readonly GateEntry[];
}

export interface GateEntry {
  /** Since the event that the title names, or, before it, since an earlier one. */
  atMs: number;
  request: RecordedRequest;
  outcome: RecordedOutcome;
}

/** Whether it only reads. Everything else changes the course. */
export function isLook({ request }: GateEntry): boolean {
  return request.method === 'GET';
}

/** Whether it asks the Supervisor to look for a target. */
export function isUpdate({ request }: GateEntry): boolean {
  return request.method === 'POST' && request.path === '/v1/update';
}

/**
 * The entries in the order of time. What was seen before the event of the title has times of an earlier event: there the
 * times jump back.
 */
export function inOrder(entries: readonly GateEntry[]): GateEntry[] {
  const lastJump = entries.findLastIndex(
    ({ atMs }, index) => index > 0 && (entries[index - 1]?.atMs ?? 0) > atMs + jumpMs,
  );
  const byTime = (one: GateEntry, other: GateEntry): number => one.atMs - other.atMs;
  if (lastJump < 0) return entries.toSorted(byTime);
  const before = entries.slice(0, lastJump);
  const start = Math.min(...entries.slice(lastJump).map(({ atMs }) => atMs));
  // A call is the event itself, not what was seen before it.
  const early = before.filter(isLook).map((entry): GateEntry => Object.assign({}, entry, { atMs: start }));
  const calls = before.filter((entry) => !isLook(entry));
  return [...early, ...[...calls, ...entries.slice(lastJump)].toSorted(byTime)];
}

const jumpMs = 500;
