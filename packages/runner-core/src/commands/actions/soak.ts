import type { AppView } from '../device/device-view.js';
import { isRunning, serviceNamesOf } from './container-notes.js';

export interface SoakParts {
  /** The services that have to keep running. One that its app no longer has does not count. */
  names: readonly string[];
  /** The app at the first look. */
  from: AppView;
  /** The app now. */
  now: AppView;
  heldMs: number;
  soakMs: number;
}

export type Soak =
  | { kind: 'goes-on' }
  | { kind: 'held' }
  | { kind: 'unstable'; service: string; /** For a person. */ found: string };

/** Whether services keep running, each in the same container. A restart within a container is not seen. Pure. */
export function judgeSoak({ names, from, now, heldMs, soakMs }: SoakParts): Soak {
  const known = serviceNamesOf(from);
  for (const name of names.filter((each) => known.includes(each))) {
    const found = whyNotHeld(name, from, now);
    if (found !== undefined) return { kind: 'unstable', service: name, found };
  }
  return { kind: heldMs >= soakMs ? 'held' : 'goes-on' };
}

function whyNotHeld(name: string, from: AppView, now: AppView): string | undefined {
  const first = containersNamed(name, from).filter(isRunning);
  if (first.length === 0) return stateOf(name, from);
  const isSame = containersNamed(name, now).some(
    (container) => isRunning(container) && first.some(({ containerId }) => containerId === container.containerId),
  );
  if (isSame) return undefined;
  const isReplaced = containersNamed(name, now).some(isRunning);
  return isReplaced ? 'it runs in another container' : stateOf(name, now);
}

function stateOf(name: string, app: AppView): string {
  const [container] = containersNamed(name, app);
  return container === undefined ? 'it has no container' : `its container is ${container.status}`;
}

function containersNamed(name: string, { services }: AppView): AppView['services'] {
  return services.filter((service) => service.name === name);
}
