import type { UpdatedApp } from './update-sample.js';

/** Whether containers were added, removed or changed between two looks. */
export function haveContainersChanged(before: UpdatedApp, after: UpdatedApp): boolean {
  return wordsFor(before) !== wordsFor(after);
}

/** Whether a container is there that was not there before. */
export function hasNewContainer(before: UpdatedApp, after: UpdatedApp): boolean {
  const known = new Set(before.services.map(({ containerId }) => containerId));
  return after.services.some(({ containerId }) => containerId !== undefined && !known.has(containerId));
}

/** Whether a container is in a state that it leaves by itself. */
export function isContainerPassing({ services }: UpdatedApp): boolean {
  return services.some(({ status }) => passing.has(status));
}

const passing: ReadonlySet<string> = new Set(['Stopping', 'Installing', 'Starting', 'removing', 'Deleting']);

/** Whether a container was created for the next release and has not run: it is passing too, unless it cannot be started. */
export function isContainerUnstarted({ services }: UpdatedApp): boolean {
  return services.some(({ status }) => unstarted.has(status));
}

const unstarted: ReadonlySet<string> = new Set(['Installed', 'created', 'Dead', 'dead']);

function wordsFor({ services }: UpdatedApp): string {
  return services
    .map(({ name, status, containerId }) => `${name} ${status} ${containerId}`)
    .toSorted()
    .join('\n');
}
