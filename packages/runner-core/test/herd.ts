import { BaseRunner } from '../src/base-runner.js';
import { silentLogger } from '../src/ports/logger.js';
import { Secret } from '../src/values/secret.js';
import { HerdCloudly } from './herd-cloudly.js';
import { identity, MemoryIdentityStore } from './memory-identity-store.js';
import { seededRandomness } from './seeded-randomness.js';
import { simulatedConfig, simulatedMachine } from './simulation.js';
import { VirtualClock } from './virtual-clock.js';

const minute = 60_000;
const intervalMs = minute;

export interface HerdOptions {
  cores: number;
  seed: number;
  /** @default the interval, as that of an agent */
  startSpreadMs?: number | undefined;
}

/** How the calls of a herd arrived, in a time that began with everyone at once. */
export interface Stampede {
  /** The most calls within a window, as a rate. */
  peakPerSecond: number;
  /** Of the rate at which the herd calls when nothing happens. */
  peakShare: number;
  /** Until a heartbeat of 95 of 100 nodes was taken. */
  backAfterMs: number;
}

export interface HerdReport {
  cores: number;
  seed: number;
  /** A second, or in a small herd so long that some 80 calls fall into it: fewer would be all chance. */
  windowMs: number;
  steadyPerSecond: number;
  duringOutagePeakPerSecond: number;
  afterOutage: Stampede;
  afterPowerCut: Stampede;
}

/** What a Cloudly may ask of its herd. */
export function isTame({ peakShare, backAfterMs }: Stampede): boolean {
  return peakShare <= 2 && backAfterMs <= 6 * minute;
}

/**
 * Real BaseRunners, as many as one likes, of which only clock, chance, disk and network are in memory: they run, lose their
 * Cloudly for ten minutes, and later their power, all of them at once.
 */
export async function runHerd({ cores, seed, startSpreadMs = intervalMs }: HerdOptions): Promise<HerdReport> {
  const clock = new VirtualClock();
  const windowMs = Math.ceil(5000 / cores) * 1000;
  const cloudly = new HerdCloudly(clock, windowMs);
  const steadyPerSecond = (cores * 1000) / intervalMs;
  const perSecond = (count: number) => (count * 1000) / windowMs;
  const randomness = seededRandomness(seed);
  const stores = Array.from({ length: cores }, () => enrolledStore(randomness.uuid()));
  const config = simulatedConfig({ heartbeatIntervalMs: intervalMs, startSpreadMs });
  const machine = simulatedMachine(clock);

  let starts = 0;
  const powerUp = async (): Promise<BaseRunner[]> => {
    starts += 1;
    const runners = stores.map(
      (store, index) =>
        new BaseRunner({
          config,
          openIdentity: async () => store,
          connector: cloudly,
          machine,
          clock,
          randomness: seededRandomness(seed + starts * cores + index),
          logger: silentLogger,
        }),
    );
    await Promise.all(runners.map(async (runner) => runner.start()));
    return runners;
  };

  const stampede = async (): Promise<Stampede> => {
    const beganMs = clock.monotonicMs();
    cloudly.beginCounting();
    await clock.advance(15 * minute);
    const takenAtMs = cloudly.takenAtMs[Math.ceil(cores * 0.95) - 1] ?? Number.POSITIVE_INFINITY;
    const peakPerSecond = perSecond(cloudly.peak);
    return { peakPerSecond, peakShare: peakPerSecond / steadyPerSecond, backAfterMs: takenAtMs - beganMs };
  };

  const running = await powerUp();
  await clock.advance(10 * minute);

  cloudly.isDown = true;
  cloudly.beginCounting();
  await clock.advance(10 * minute);
  const duringOutagePeakPerSecond = perSecond(cloudly.peak);
  cloudly.isDown = false;
  const afterOutage = await stampede();

  const stopped = Promise.all(running.map(async (runner) => runner.stop()));
  await clock.advance(2 * minute);
  await stopped;
  await powerUp();
  const afterPowerCut = await stampede();

  return { cores, seed, windowMs, steadyPerSecond, duringOutagePeakPerSecond, afterOutage, afterPowerCut };
}

/** A node that is known: after a power cut nothing else than its chance decides when it calls. */
function enrolledStore(nodeId: string): MemoryIdentityStore {
  return new MemoryIdentityStore(
    { ...identity({ nodeToken: new Secret(`token-of-${nodeId}`) }), nodeId },
    'state-file',
  );
}
