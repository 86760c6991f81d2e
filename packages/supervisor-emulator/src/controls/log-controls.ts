import { sourceOf } from '../journal/describe-changes.js';
import { record } from '../journal/record.js';
import type { Model } from '../model/model.js';
import { appOf } from './app-of.js';

/** The output of a service. */
export interface LogLine {
  /** One or several lines. */
  message: string;
  /** @default the first running service */
  serviceName?: string;
  /** @default that of the first app */
  appId?: number;
  /** Whether it goes to stderr. @default false */
  isError?: boolean;
}

/** The output of services. */
export const logControls = {
  log(model: Model, now: number, { message, serviceName, appId, isError = false }: LogLine): Model {
    if (typeof message !== 'string') throw new TypeError('log: message must be a string.');
    const app = appOf(model, appId, 'log');
    const running = app.containers.filter(({ status }) => status === 'Running');
    const container = running.find(({ service }) => serviceName === undefined || service.serviceName === serviceName);
    if (!container) {
      const names = running.map(({ service }) => service.serviceName).join(', ') || 'none';
      const wanted = serviceName === undefined ? 'a service' : `service "${serviceName}"`;
      throw new TypeError(`log: app ${app.appId} is not running ${wanted}. Running services: ${names}.`);
    }
    const source = sourceOf(container);
    return record(
      model,
      message.split('\n').map((line) => ({ at: now, message: `${line}\r`, source, isError })),
    );
  },
};
