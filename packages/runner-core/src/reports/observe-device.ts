import { type RuntimeStatus, safeText } from '@serve.zone/baseos-contracts';
import { acceptedCommands, acceptedWords } from '../commands/policy/accepted-commands.js';
import type { ConfigMistake } from '../config/config-mistake.js';
import type { RunnerConfig } from '../config/runner-config.js';
import { DeviceObserver, type Observation } from '../device/device-observer.js';
import { supervisorMistake } from '../device/supervisor-mistake.js';
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
    acceptedCommands: config.supervisorAddress === undefined ? [] : acceptedWords(acceptedCommands(config)),
    updates: () => updatesAtStart(config),
    machine: createSystemMachine({ statePath: config.statePath }),
    clock: systemClock,
    logger: silentLogger,
  });
  const observation = await observer.observe(new AbortController().signal);
  const mistake = supervisorMistake(config);
  return mistake ? withReason(observation, mistake) : observation;
}

/** As the settings have it: only an agent that runs knows its gate, and what Cloudly has set. */
function updatesAtStart({ cloudlyUrl, supervisorAddress, updates }: RunnerConfig): RuntimeStatus['updates'] {
  const mode = cloudlyUrl === undefined ? 'free' : updates;
  return supervisorAddress !== undefined || mode === 'gated' ? { mode } : undefined;
}

function withReason({ status, vitals }: Observation, { message }: ConfigMistake): Observation {
  const { supervisor } = status;
  if (supervisor.state === 'available') return { status, vitals };
  return { status: { ...status, supervisor: { ...supervisor, reason: safeText(message, 500) } }, vitals };
}
