import type { Draft } from './draft.js';
import { named } from './pause-rollout.js';
import { countAll, failureCountOf, memberCountOf, noMembers } from './wave-counts.js';
import { type findWaveWait, isAllOver, type isWaveOver } from './waves.js';

/** Notes that the open wave is over, opens those that may begin, and finishes behind the last one. */
export function moveWaves(
  draft: Draft,
  by: { isWaveOver: typeof isWaveOver; findWaveWait: typeof findWaveWait },
): void {
  while (draft.rollout().state === 'running') {
    const { waves, waveIndex, counts, waveOverAtMs } = draft.rollout();
    if (waveOverAtMs === undefined) {
      if (!by.isWaveOver(counts[waveIndex] ?? noMembers)) return;
      noteWaveOver(draft);
    }
    if (waveIndex >= waves.length - 1) {
      if (isAllOver(draft.rollout())) finish(draft);
      return;
    }
    if (by.findWaveWait(draft.rollout(), draft.nowMs)) return;
    openWave(draft, waveIndex + 1);
  }
}

function noteWaveOver(draft: Draft): void {
  const { waveIndex: wave, counts } = draft.rollout();
  const ofWave = counts[wave] ?? noMembers;
  const details = { wave, succeeded: ofWave.succeeded, failed: failureCountOf(ofWave) };
  draft.change({ waveOverAtMs: draft.nowMs });
  draft.tell({ kind: 'rollout-wave-over', details: { ...named(draft.rollout()), ...details } });
}

/** From now on, the members of this wave are offered the command. */
export function openWave(draft: Draft, wave: number): void {
  const memberCount = memberCountOf(draft.rollout().counts[wave] ?? noMembers);
  draft.change({ waveIndex: wave, waveOverAtMs: undefined, gateOpened: undefined });
  draft.tell({ kind: 'rollout-wave-begun', details: { ...named(draft.rollout()), wave, memberCount } });
}

function finish(draft: Draft): void {
  const { succeeded, skipped, ...all } = countAll(draft.rollout().counts);
  draft.change({ state: 'finished', endedAtMs: draft.nowMs });
  const details = { succeeded, failed: failureCountOf({ ...noMembers, ...all }), skipped };
  draft.tell({ kind: 'rollout-finished', details: { ...named(draft.rollout()), ...details } });
}
