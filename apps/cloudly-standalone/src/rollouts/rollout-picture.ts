import {
  countAllMembers,
  describeRollout,
  memberCountOf,
  type Rollout,
  type WaveCounts,
} from '@serve.zone/baseos-cloudly-handlers';
import { nameCommand } from '../output/describe-command.js';
import { formatDuration } from '../time/format-duration.js';

const BAR_LENGTH = 20;

/** A rollout and its waves, in lines for a terminal. */
export function pictureOf(rollout: Rollout, nowMs: number): string[] {
  const { name, command, selector, counts, startedAtMs, endedAtMs } = rollout;
  const since = startedAtMs === undefined ? '' : ` for ${formatDuration((endedAtMs ?? nowMs) - startedAtMs)}`;
  return [
    `${name}: ${nameCommand(command)} on ${selector === '' ? 'all nodes' : selector}`,
    `${describeRollout(rollout, nowMs)}${endedAtMs === undefined || startedAtMs === undefined ? '' : `, after it ran${since}`}`,
    ...counts.map((ofWave, index) => waveLine(rollout, ofWave, index)),
  ];
}

/** The same in one line, which tells one change from another. */
export function changeLine(rollout: Rollout, nowMs: number): string {
  const all = countAllMembers(rollout.counts);
  return `${describeRollout(rollout, nowMs)}; ${endedOf(all)} of ${memberCountOf(all)} ended${detailsOf(all)}`;
}

function waveLine(rollout: Rollout, counts: WaveCounts, index: number): string {
  const total = memberCountOf(counts);
  const ended = endedOf(counts);
  const place = waveState(rollout, index);
  return `  wave ${index + 1}  ${place.padEnd(7)} ${barOf(ended, total)} ${ended} of ${total}${detailsOf(counts)}`;
}

function endedOf({ succeeded, failed, unknown, skipped }: WaveCounts): number {
  return succeeded + failed + unknown + skipped;
}

function waveState({ state, startedAtMs, waveIndex, waveOverAtMs }: Rollout, index: number): string {
  if (startedAtMs === undefined || state === 'starting') return 'planned';
  if (index > waveIndex) return 'waits';
  return index < waveIndex || waveOverAtMs !== undefined ? 'over' : 'open';
}

function barOf(ended: number, total: number): string {
  const filled = total === 0 ? 0 : Math.floor((ended * BAR_LENGTH) / total);
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_LENGTH - filled)}]`;
}

/** What there is none of is left out. */
function detailsOf(counts: WaveCounts): string {
  const parts = [
    [counts.succeeded, 'succeeded'],
    [counts.failed, 'failed'],
    [counts.unknown, 'unknown'],
    [counts.skipped, 'skipped'],
    [counts.running, 'running'],
    [counts.offered, 'offered'],
    [counts.deferred, 'deferred'],
    [counts.held, 'held'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return told.length === 0 ? '' : `: ${told.join(', ')}`;
}
