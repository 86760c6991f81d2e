import type { RunnerConfig } from '../config/runner-config.js';
import { DeviceObserver, type Observation } from '../device/device-observer.js';
import { supervisorOf } from '../device/supervisor-of.js';
import { createSystemMachine } from '../device/system-machine.js';
import { systemClock } from '../ports/clock.js';
import { silentLogger } from '../ports/logger.js';
import type { ReportOptions } from './report-options.js';

/** What an agent that starts now would see of the machine and of the Supervisor, within five seconds. */
export async function observeDevice(
  config: RunnerConfig,
  { version = '0.0.0', supervisorFetch, supervisor }: ReportOptions,
): Promise<Observation> {
  const observer = new DeviceObserver({
    config,
    version,
    supervisor: supervisor ?? supervisorOf(config, supervisorFetch),
    machine: createSystemMachine({ statePath: config.statePath }),
    clock: systemClock,
    logger: silentLogger,
  });
  return observer.observe(new AbortController().signal);
}
