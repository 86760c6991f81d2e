import { isOnBalenaOs } from './is-on-balena-os.js';
import type { RunnerConfig } from './runner-config.js';

/**
 * What ends this agent if it hangs. The engine of balenaOS restarts a container whose health check fails; other engines, and a
 * machine without one, need the thread.
 */
export function watchdogOf(config: Pick<RunnerConfig, 'watchdog' | 'device'>): 'engine' | 'thread' {
  return config.watchdog ?? (isOnBalenaOs(config) ? 'engine' : 'thread');
}
