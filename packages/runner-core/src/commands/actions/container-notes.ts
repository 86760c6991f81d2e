import type { AppView, DeviceView, ServiceView } from '../device/device-view.js';
import type { AskNotes } from './command-action.js';

/** What is remembered of an app before something is asked of it. */
export function notesOfApp(
  app: AppView,
  { kernelBootId }: DeviceView,
  isConcerned?: (service: ServiceView) => boolean,
): AskNotes {
  const { appId, runningCommit, targetCommit } = app;
  const containers = containersOf(app, isConcerned);
  return { kernelBootId, appId, containers, fromCommit: runningCommit, targetCommit };
}

/** The containers that are to be told again afterwards, by the names of their services. */
export function containersOf(
  { services }: AppView,
  isConcerned: (service: ServiceView) => boolean = isRunning,
): Record<string, string> {
  return Object.fromEntries(
    services.flatMap((service) =>
      service.containerId !== undefined && isConcerned(service) ? [[service.name, service.containerId]] : [],
    ),
  );
}

export function isRunning({ status }: ServiceView): boolean {
  return status === 'Running';
}

export function findApp({ supervisor }: DeviceView, appId: number | undefined): AppView | undefined {
  return supervisor?.apps.find((app) => app.appId === appId);
}

/** The containers of one service, of which there may be none or several. */
export function containersNamed(view: DeviceView, appId: number | undefined, service: string): ServiceView[] {
  return findApp(view, appId)?.services.filter(({ name }) => name === service) ?? [];
}

/** The names of an app's services, with and without a container. */
export function serviceNamesOf({ services, targetServices }: AppView): string[] {
  return [...new Set([...services, ...targetServices].map(({ name }) => name))];
}
