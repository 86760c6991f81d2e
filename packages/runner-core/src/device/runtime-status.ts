import { Buffer } from 'node:buffer';
import { limits, type RuntimeStatus, safeText, type SupervisorStatus, usableCount } from '@serve.zone/baseos-contracts';
import type { DeviceFacts } from '../config/runner-config.js';
import type { HostFacts } from '../ports/machine.js';

export interface RuntimeStatusParts {
  version: string;
  runtime: RuntimeStatus['runtime'];
  host: HostFacts;
  /** Of the disk that holds the state, once it was read. */
  storageTotalBytes: number | undefined;
  device: DeviceFacts;
  /** As the Supervisor reports it, if no variable gives it. */
  hostOsVersion: string | undefined;
  supervisor: SupervisorStatus;
  acceptedCommands: RuntimeStatus['acceptedCommands'];
  updates?: RuntimeStatus['updates'];
}

/** What the node reports about its device, within the limits of the contract, so that no Cloudly rejects it. */
export function runtimeStatus(parts: RuntimeStatusParts): RuntimeStatus {
  const { host, device } = parts;
  return withinLimit({
    agent: { name: 'baserunner', version: required(parts.version) },
    runtime: { name: required(parts.runtime.name), version: required(parts.runtime.version) },
    host: {
      hostname: safeText(host.hostname, 256),
      platform: required(host.platform),
      arch: required(host.arch),
      osVersion: safeText(device.hostOsVersion ?? parts.hostOsVersion, 256),
      cpuCount: usableCount(host.cpuCount) || undefined,
      memoryTotalBytes: usableCount(host.memoryTotalBytes),
      storageTotalBytes: usableCount(parts.storageTotalBytes),
    },
    device: {
      uuid: safeText(device.uuid, 256),
      type: safeText(device.type, 256),
      appId: device.appId,
      appName: safeText(device.appName, 256),
      serviceName: safeText(device.serviceName, 256),
    },
    supervisor: parts.supervisor,
    acceptedCommands: parts.acceptedCommands,
    ...(parts.updates && { updates: parts.updates }),
  });
}

/** A device with very many services reports its apps without services rather than nothing at all. */
export function withinLimit(status: RuntimeStatus, text = JSON.stringify(status)): RuntimeStatus {
  const { supervisor } = status;
  if (supervisor.state !== 'available' || Buffer.byteLength(text) <= limits.statusMaxBytes) return status;
  const apps = supervisor.apps.map(({ appId, name, commit }) => ({ appId, name, commit, services: [] }));
  return { ...status, supervisor: { ...supervisor, apps } };
}

function required(text: string): string {
  return safeText(text, 256) ?? 'unknown';
}
