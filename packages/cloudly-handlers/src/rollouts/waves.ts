import type { Rollout, WaveCounts } from '../fleet-store/rollout.js';
import { countAll, inFlightCountOf, memberCountOf } from './wave-counts.js';

/** What the next wave waits for, once the open one is over. */
export type WaveWait = { until: 'soaked'; atMs: number } | { until: 'gate-opened' } | { until: 'tried-again' };

/** Nothing of it is to be offered the command, or has it. Deferred members keep no wave open. */
export function isWaveOver(counts: WaveCounts): boolean {
  return counts.held === 0 && inFlightCountOf(counts) === 0;
}

/** Why the wave behind the open one, which is over, does not begin yet; nothing if it may. */
export function findWaveWait(
  { waves, waveIndex, waveOverAtMs = 0, gateOpened, counts }: Rollout,
  nowMs: number,
): WaveWait | undefined {
  const wave = waves[waveIndex];
  const ofWave = counts[waveIndex];
  if (!wave || !ofWave || memberCountOf(ofWave) === 0) return undefined;
  // Members that came back keep it open no longer, unless somebody lets them try again.
  if (ofWave.held > 0) return { until: 'tried-again' };
  if (nowMs < waveOverAtMs + wave.soakMs) return { until: 'soaked', atMs: waveOverAtMs + wave.soakMs };
  return wave.gate === 'manual' && !gateOpened ? { until: 'gate-opened' } : undefined;
}

/** Every member has ended. */
export function isAllOver({ counts }: Pick<Rollout, 'counts'>): boolean {
  const all = countAll(counts);
  return isWaveOver(all) && all.deferred === 0;
}
