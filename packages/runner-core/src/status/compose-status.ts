import type { RuntimeStatus, SupervisorStatus, Vitals } from '@serve.zone/baseos-contracts';
import type { RunnerConfig } from '../config/runner-config.js';
import type { Machine } from '../ports/machine.js';
import { describeConfiguration, type InForce } from './describe-configuration.js';
import type { RunnerStatus } from './runner-status.js';
import { runtimeStatus } from '../device/runtime-status.js';

export type ComposeStatusParts = {
  config: RunnerConfig;
  cloudly: Omit<RunnerStatus['cloudly'], 'url'>;
  /** Absent if no agent runs. */
  commands?: Omit<RunnerStatus['commands'], 'accepted'> | undefined;
  /** As of now; absent if no agent runs. */
  updates?: RuntimeStatus['updates'];
  inForce: InForce;
} & (ObservedParts | UnobservedParts);

interface ObservedParts {
  status: RuntimeStatus;
  /** Absent if they are not the agent's. */
  vitals?: Vitals | undefined;
}

/** Until the device was observed once. */
interface UnobservedParts {
  status: undefined;
  version: string;
  machine: Machine;
}

/** The status of the agent, put together from its parts. */
export function composeStatus(parts: ComposeStatusParts): RunnerStatus {
  const { config, cloudly, commands } = parts;
  const { supervisor, agent, runtime, host, device, acceptedCommands: accepted } = parts.status ?? unobserved(parts);
  const vitals = parts.status && parts.vitals;
  return {
    runtime: { agent, runtime, host, device, vitals },
    supervisor,
    ...(parts.updates && { updates: parts.updates }),
    cloudly: { url: config.cloudlyUrl?.href, ...cloudly },
    commands: { accepted, ...commands },
    configuration: describeConfiguration(config, parts.inForce),
  };
}

const notReadYet: SupervisorStatus = { state: 'unreachable', reason: 'The agent has not asked it yet.' };

function unobserved({ config, version, machine }: UnobservedParts & Pick<ComposeStatusParts, 'config'>) {
  return runtimeStatus({
    version,
    runtime: machine.runtime(),
    host: machine.host(),
    storageTotalBytes: undefined,
    device: config.device,
    hostOsVersion: undefined,
    supervisor: config.supervisorAddress === undefined ? { state: 'not-configured' } : notReadYet,
    acceptedCommands: [],
  });
}
