import { keyOfService } from '../model/keys.js';
import type { App, Container, Model, ServiceTask } from '../model/model.js';
import { createContainer } from '../model/releases.js';

/** How long the parts of a service action take, in ms. */
export const taskDurationsMs = { stop: 100, start: 250, recreate: 450 };

/** Ends one part of a service action. Containers that an apply has removed meanwhile are left alone. */
export function endTask(model: Model, app: App, task: ServiceTask): App {
  const { serviceName, does, at } = task;
  const tasks = app.tasks.filter((other) => other !== task);
  const changed = (change: (container: Container) => Container): App => ({
    ...app,
    tasks,
    containers: app.containers.map((container) =>
      container.service.serviceName === serviceName ? change(container) : container,
    ),
  });
  switch (does) {
    case 'exit':
      return changed((container) => (container.status === 'Stopping' ? { ...container, status: 'exited' } : container));
    case 'run':
      return changed((container) =>
        container.status === 'Starting' ? { ...container, status: 'Running', startedAt: at } : container,
      );
    case 'recreate':
    default:
      return changed(({ service, commit, releaseId }) =>
        createContainer(model.seed, { service, commit, releaseId }, keyOfService(model, app.appId, serviceName), at),
      );
  }
}
