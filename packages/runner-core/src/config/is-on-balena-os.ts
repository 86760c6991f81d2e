import type { RunnerConfig } from './runner-config.js';

/** Whether a Supervisor started this container, as far as its variables tell. */
export function isOnBalenaOs({ device }: Pick<RunnerConfig, 'device'>): boolean {
  return device.uuid !== undefined || device.updateLockPath !== undefined;
}
