import type { Rollout } from '../fleet-store/rollout.js';
import { findTooManyFailures } from '../rollouts/failures.js';
import { inFlightCountOf, noMembers } from '../rollouts/wave-counts.js';
import { findWaveWait } from '../rollouts/waves.js';
import { windowStateAt } from '../rollouts/window.js';
import { describeInstant, describePause } from './describe-pause.js';

/** Where a rollout stands and what it waits for, in a sentence for people, without a full stop at its end. */
export function describeRollout(rollout: Rollout, nowMs: number): string {
  return descriptions[rollout.state](rollout, nowMs);
}

const descriptions: Record<Rollout['state'], (rollout: Rollout, nowMs: number) => string> = {
  draft: describeDraft,
  starting: () => 'its members are being frozen',
  running: describeRun,
  paused(rollout, nowMs) {
    const { reason = 'operator', by = 'system' } = rollout.pause ?? {};
    const { changesAtMs: opensAtMs } = rollout.window ? windowStateAt(rollout.window, nowMs) : {};
    return `paused ${describePause({ reason, by, opensAtMs, failures: findTooManyFailures(rollout) })}`;
  },
  finished: () => 'finished',
  stopped: () => 'stopped',
};

function describeDraft({ needsApproval, approval }: Rollout): string {
  if (!needsApproval) return 'a draft, which has not begun';
  return approval ? `a draft, which ${approval.by} has approved` : 'a draft, which another person must approve';
}

function describeRun(rollout: Rollout, nowMs: number): string {
  const { waves, waveIndex, counts, waveOverAtMs } = rollout;
  const wave = `wave ${waveIndex + 1} of ${waves.length}`;
  const ofWave = counts[waveIndex] ?? noMembers;
  if (waveOverAtMs === undefined) {
    return `running: ${wave}, with ${inFlightCountOf(ofWave)} in flight and ${ofWave.held} held`;
  }
  if (waveIndex === waves.length - 1) return `running: ${wave} is over, and waits for members that are deferred`;
  const waits = findWaveWait(rollout, nowMs);
  if (waits?.until === 'gate-opened') return `running: ${wave} is over, and waits for approval`;
  if (waits?.until === 'soaked') {
    return `running: ${wave} is over, and all must stay quiet until ${describeInstant(waits.atMs)}`;
  }
  return `running: ${wave} is over`;
}
