import { isSupervisorError, type SupervisorClient } from '@serve.zone/balena-supervisor-client';
import { type Read, readWithin } from '../../device/read-within.js';
import { supervisorReason } from '../../device/supervisor-reason.js';
import type { Clock } from '../../ports/clock.js';
import type { DeviceView } from './device-view.js';
import { supervisorView } from './supervisor-view.js';

/** What a command reads of the Supervisor. */
export type DeviceReads = Pick<SupervisorClient, 'device' | 'stateStatus'> & {
  apps: Pick<SupervisorClient['apps'], 'list'>;
};

export interface DeviceViewOptions {
  supervisor: DeviceReads;
  /** Of the Supervisor, to be named if it cannot be read. */
  address: string | undefined;
  kernelBootId: string | undefined;
  own: DeviceView['own'];
}

/** A Supervisor that replaces containers answers slowly. */
const budgetMs = 10_000;

/** Looks at the device once. It never rejects, and always resolves within ten seconds or when `signal` aborts. */
export async function readDeviceView(
  { supervisor, address, kernelBootId, own }: DeviceViewOptions,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<DeviceView> {
  const readings = await readWithin(
    {
      device: async (over) => supervisor.device({ signal: over }),
      stateStatus: async (over) => supervisor.stateStatus({ signal: over }),
      apps: async (over) => supervisor.apps.list({ signal: over }),
    },
    { clock, signal, budgetMs },
  );
  const { device } = readings;
  const stateStatus = orAbsent(readings.stateStatus);
  const apps = orAbsent(readings.apps);
  if (device.ok && stateStatus.ok && apps.ok) {
    const answers = { device: device.value, stateStatus: stateStatus.value, apps: apps.value ?? [] };
    return { supervisor: supervisorView(answers), kernelBootId, own };
  }
  const failed = [device, stateStatus, apps].find(({ ok }) => !ok);
  const error = failed?.ok === false ? failed.error : undefined;
  return { supervisor: undefined, unavailable: supervisorReason(error, address), kernelBootId, own };
}

/** What an old Supervisor does not report is absent. */
function orAbsent<Value>(read: Read<Value>): Read<Value | undefined> {
  if (read.ok) return read;
  const isTooOld = isSupervisorError(read.error) && read.error.code === 'not-supported';
  return isTooOld ? { ok: true, value: undefined } : read;
}
