import { apiLabelOf } from '../eras/api-label.js';
import type { Era } from '../eras/era.js';
import type { ReleaseService } from './model.js';

/** In which order the container and the image of a service are replaced. */
export type UpdateStrategy = 'download-then-kill' | 'kill-then-download' | 'delete-then-download' | 'hand-over';

/** The label that asks for a strategy. */
const strategyLabel = 'io.balena.update.strategy';

/** All strategies; the first is the default. */
export const strategies: readonly UpdateStrategy[] = [
  'download-then-kill',
  'kill-then-download',
  'delete-then-download',
  'hand-over',
];

/** The strategy that the labels of a service ask for. An unknown one counts as none. */
export function strategyOf({ labels = {} }: Pick<ReleaseService, 'labels'>): UpdateStrategy {
  return strategies.find((each) => each === labels[strategyLabel]) ?? 'download-then-kill';
}

/** Whether the container is killed before the new image is downloaded. */
export function killsFirst(service: Pick<ReleaseService, 'labels'>): boolean {
  return ['kill-then-download', 'delete-then-download'].includes(strategyOf(service));
}

/** The labels of a service that also ask for a strategy. */
export function labelsWith(
  era: Era,
  labels: ReleaseService['labels'],
  strategy: UpdateStrategy | undefined,
): ReleaseService['labels'] {
  return strategy === undefined ? labels : { [apiLabelOf(era)]: '1', ...labels, [strategyLabel]: strategy };
}
