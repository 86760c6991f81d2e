import type { AskNotes, SinceAsk } from '../src/commands/actions/command-action.js';
import type { AppView, DeviceView, ServiceView, SupervisorView } from '../src/commands/device/device-view.js';

export const appId = 1234567;

/** What a test changes about a device. */
export interface ViewChanges {
  supervisor?: Partial<Omit<SupervisorView, 'apps'>>;
  app?: Partial<AppView>;
  /** Further apps. */
  apps?: AppView[];
  own?: DeviceView['own'];
  kernelBootId?: string | undefined;
}

/** A device with the app of BaseRunner, whose release runs and has nothing to be updated to. */
export function deviceView({ supervisor, app, apps = [], own, kernelBootId = 'boot-1' }: ViewChanges = {}): DeviceView {
  return {
    kernelBootId,
    own: { appId, service: 'baserunner', ...own },
    supervisor: {
      version: '19.0.5',
      updatePending: false,
      updateFailed: false,
      updateDownloaded: false,
      appState: 'applied',
      ...supervisor,
      apps: [appView(app), ...apps],
    },
  };
}

/** A device whose Supervisor does not answer. */
export function silentView(
  changes: Pick<DeviceView, 'kernelBootId'> | undefined = { kernelBootId: 'boot-1' },
): DeviceView {
  const unavailable = 'The Supervisor cannot be reached.';
  return { supervisor: undefined, unavailable, own: { appId, service: 'baserunner' }, ...changes };
}

export function appView(changes: Partial<AppView> = {}): AppView {
  return {
    appId,
    name: 'fleet',
    runningCommit: 'old',
    targetCommit: 'old',
    updateStatus: 'done',
    isDownloading: false,
    services: [service('main'), service('baserunner')],
    targetServices: [
      { name: 'main', status: 'Running' },
      { name: 'baserunner', status: 'Running' },
    ],
    ...changes,
  };
}

export function service(name: string, number = 1, status = 'Running'): ServiceView {
  return { name, status, containerId: `${name}-${number}` };
}

/** What was noted of the device of `deviceView()` before the Supervisor was asked. */
export function askNotes(changes: Partial<AskNotes> = {}): AskNotes {
  return {
    kernelBootId: 'boot-1',
    appId,
    containers: { main: 'main-1', baserunner: 'baserunner-1' },
    fromCommit: 'old',
    targetCommit: 'old',
    ...changes,
  };
}

/** A Supervisor that accepted the call a minute ago, and the looks since. */
export function sinceAsk(samples: readonly DeviceView[], changes: Partial<SinceAsk> = {}): SinceAsk {
  return {
    askedMsAgo: 60_000,
    lastProgressMsAgo: 0,
    accepted: true,
    restarted: false,
    sawOwnStop: false,
    samples,
    ...changes,
  };
}
