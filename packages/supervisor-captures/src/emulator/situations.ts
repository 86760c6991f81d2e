import type { Recording } from '../recording.js';
import type { Scene, Situation } from './scene.js';
import { hostConfigSituations } from './host-config-situations.js';
import { lockSituations } from './lock-situations.js';
import { settledSituations } from './settled-situations.js';
import { updateSituations } from './update-situations.js';

/** Every situation that is known, the plain one first. */
const situations: readonly Situation[] = [
  ...settledSituations,
  ...lockSituations,
  ...updateSituations,
  ...hostConfigSituations,
];

/** The scenes that a recording may have been made in: of the situations its words tell of, or else of all. */
export function scenesFor({ scenario, name }: Recording): readonly Scene[] {
  const told = situations.filter(({ words }) => words.test(`${scenario} | ${name}`));
  return (told.length > 0 ? told : situations).flatMap(({ scenes }) => scenes);
}
