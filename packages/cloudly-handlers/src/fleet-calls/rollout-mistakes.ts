import { limits as protocolLimits } from '@serve.zone/baseos-contracts';
import type { RolloutLimits, RolloutWindow, Wave } from '../fleet-store/rollout.js';
import { labelKeyMistake } from '../selector/label-rules.js';
import type { Selector } from '../selector/selector.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const WAVES_MAX = 50;
const NODES_MAX = 100_000;
const SOAK_MAX_MS = 30 * DAY_MS;
const WINDOW_MAX_MS = 7 * DAY_MS;
const DEFERRED_MAX_MS = 90 * DAY_MS;
const ATTEMPTS_MAX = 10;

/** Why a rollout cannot have these waves, in a sentence; `undefined` if it can. */
export function wavesMistake(waves: readonly Wave[]): string | undefined {
  if (waves.length === 0) return 'A rollout needs a wave';
  if (waves.length > WAVES_MAX) return `A rollout has at most ${WAVES_MAX} waves`;
  for (const [index, wave] of waves.entries()) {
    const mistake = index === waves.length - 1 ? lastWaveMistake(wave) : waveMistake(wave);
    if (mistake !== undefined) return `Wave ${index + 1} ${mistake}`;
  }
  return undefined;
}

function waveMistake({ select, size, soakMs }: Wave): string | undefined {
  if (!size && select === undefined) return 'takes all nodes that are left, so it must be the last one';
  if (size && 'count' in size) {
    const mistake = rangeMistake(size.count, 1, NODES_MAX);
    if (mistake !== undefined) return `has a number of nodes that ${mistake}`;
  }
  if (size && 'percent' in size && !(size.percent > 0 && size.percent <= 100)) {
    return `has a share that must be more than 0 and at most 100 percent, but is ${size.percent}`;
  }
  const mistake = rangeMistake(soakMs, 0, SOAK_MAX_MS);
  return mistake && `has a soak that ${mistake} ms`;
}

function lastWaveMistake({ select, size, gate, soakMs }: Wave): string | undefined {
  if (size || select !== undefined) return 'is the last one, which takes all nodes that are left';
  return gate !== 'auto' || soakMs !== 0 ? 'is the last one, and nothing waits behind it' : undefined;
}

/** Why a rollout cannot have these limits, in a sentence; `undefined` if it can. */
export function limitsMistake({ perGroup, ...limits }: RolloutLimits): string | undefined {
  for (const [name, [min, max]] of Object.entries(bounds)) {
    const mistake = rangeMistake(limits[name as keyof typeof bounds], min, max);
    if (mistake !== undefined) return `${name} ${mistake}`;
  }
  if (!perGroup) return undefined;
  const mistake = rangeMistake(perGroup.max, 1, NODES_MAX);
  return labelKeyMistake(perGroup.label) ?? (mistake && `perGroup.max ${mistake}`);
}

const bounds: Readonly<Record<Exclude<keyof RolloutLimits, 'perGroup'>, readonly [min: number, max: number]>> = {
  maxInFlight: [1, NODES_MAX],
  failPercent: [0, 100],
  failMin: [1, NODES_MAX],
  attempts: [1, ATTEMPTS_MAX],
  commandDueMs: [MINUTE_MS, protocolLimits.commandExpiresMaxMs],
  deferredDueMs: [MINUTE_MS, DEFERRED_MAX_MS],
};

/** Why a window cannot be so long, in a sentence; `undefined` if it can. When it opens is for `windowMistake` to judge. */
export function windowLengthMistake({ durationMs }: RolloutWindow): string | undefined {
  const mistake = rangeMistake(durationMs, MINUTE_MS, WINDOW_MAX_MS);
  return mistake && `The time that the window is open ${mistake} ms`;
}

/** Why a rollout that takes in nodes later cannot choose them so, in a sentence; `undefined` if it can. */
export function dynamicMistake({ terms }: Selector): string | undefined {
  const passing = terms.find(({ field }) => field === 'state' || field === 'seen');
  return passing && `A dynamic rollout cannot choose nodes by ${passing.field}, which changes all the time`;
}

function rangeMistake(value: number, min: number, max: number): string | undefined {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return undefined;
  return `must be a whole number from ${min} to ${max}, but is ${value}`;
}
