import type { CommandRequest } from '@serve.zone/baseos-contracts';
import type { AppView, DeviceView, ServiceView } from '../device/device-view.js';
import { serviceNamesOf } from './container-notes.js';
import { failed } from './ending.js';
import { type Concerned, findConcernedApp } from './find-concerned-app.js';

export interface ConcernedService {
  app: AppView;
  /** Its own name: an app with one service takes any. */
  service: string;
  /** None, if it is not created. */
  containers: ServiceView[];
}

/** The service that a command is about, of the app that it is about. */
export function findConcernedService(
  command: Pick<CommandRequest, 'kind' | 'appId' | 'service'>,
  view: DeviceView,
): ({ kind: 'found' } & ConcernedService) | Exclude<Concerned, { kind: 'found' }> {
  const { kind, service: wanted } = command;
  if (wanted === undefined || wanted.trim() === '') {
    return { kind: 'end', ending: failed('malformed', `${kind} names no service.`) };
  }
  const concerned = findConcernedApp(command, view);
  if (concerned.kind !== 'found') return concerned;
  const { app } = concerned;
  const names = serviceNamesOf(app);
  const service = names.length === 1 ? names[0] : names.find((name) => name === wanted);
  if (service !== undefined) {
    return { kind: 'found', app, service, containers: app.services.filter(({ name }) => name === service) };
  }
  const others = names.length === 0 ? 'The app has no services now.' : `The app has ${names.toSorted().join(', ')}.`;
  const message = `App ${app.appId} has no service "${wanted}". ${others}`;
  return { kind: 'end', ending: failed('no-such-service', message) };
}
