import type { Recording } from '../recordings/recording.js';
import type { DeviceKind, Scene, Situation } from './scene.js';
import { hostConfigSituations } from './host-config-situations.js';
import { lockSituations } from './lock-situations.js';
import { localSituations } from './local-situations.js';
import { namingSituations } from './naming-situations.js';
import { settledSituations } from './settled-situations.js';
import { troubleSituations } from './trouble-situations.js';
import { updateSituations } from './update-situations.js';

/** Every situation that is known, the plain one first. */
const situations: readonly Situation[] = [
  ...settledSituations,
  ...namingSituations,
  ...lockSituations,
  ...updateSituations,
  ...hostConfigSituations,
  ...troubleSituations,
  ...localSituations,
];

/**
 * The scenes that a recording may have been made in: of the situations that its words are certain of, or else of those
 * that are possible. If nobody knows of its scenario, the others may have been it too.
 */
export function scenesFor({ scenario, name }: Recording): readonly Scene[] {
  const kind = kindIn(scenario);
  const all = situations.filter(({ on }) => on === undefined || kind === undefined || on === kind);
  const told = toldBy(`${scenario} | ${name}`, all);
  const isKnown = toldBy(`${scenario} |`, all).length > 0;
  return [...new Set(isKnown ? told : [...told, ...all])].flatMap(({ scenes }) => scenes);
}

function toldBy(words: string, all: readonly Situation[]): readonly Situation[] {
  const certain = all.filter((situation) => situation.certain?.test(words));
  return certain.length > 0 ? certain : all.filter((situation) => situation.possible?.test(words));
}

function kindIn(scenario: string): DeviceKind | undefined {
  if (/^unmanaged|switched to local mode/.test(scenario)) return 'local';
  return scenario.startsWith('managed') ? 'managed' : undefined;
}
