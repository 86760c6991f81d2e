import type { AppView, DeviceView, ServiceView } from '../device/device-view.js';

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

/** The names of an app's services, with and without a container. */
export function serviceNamesOf({ services, targetServices }: AppView): string[] {
  return [...new Set([...services, ...targetServices].map(({ name }) => name))];
}
