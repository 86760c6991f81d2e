import { type Device, isSupervisorError, type StateStatus } from '@serve.zone/balena-supervisor-client';
import { type AvailableSupervisor, safeText, type SupervisorStatus } from '@serve.zone/baseos-contracts';
import { ReadTimeout } from './read-timeout.js';
import type { Read } from './read-within.js';
import { supervisorApps } from './supervisor-apps.js';
import { supervisorReason } from './supervisor-reason.js';

/** What was read of the Supervisor, side by side. */
export interface SupervisorReadings {
  device: Read<Device>;
  stateStatus: Read<StateStatus>;
  version: Read<string>;
}

/**
 * What the readings say about the Supervisor. It is `available` if the device was read, and also the services if the
 * Supervisor is new enough to report them; otherwise the state says what to check.
 */
export function supervisorStatusOf(
  { device, stateStatus, version }: SupervisorReadings,
  ownApp: { appId?: number | undefined; appName?: string | undefined },
  address?: string,
): SupervisorStatus {
  const isStateReadable = stateStatus.ok || codeOf(stateStatus.error) === 'not-supported';
  if (device.ok && isStateReadable) {
    const state = stateStatus.ok ? stateStatus.value : undefined;
    return available(device.value, state, version.ok ? version.value : device.value.supervisorVersion, ownApp);
  }
  const errors = [device, stateStatus, version].flatMap((read) => (read.ok ? [] : [read.error]));
  const refusal = errors.find((error) => isAmong(error, keyCodes));
  if (refusal !== undefined) return { state: 'unauthorized', reason: supervisorReason(refusal, address) };
  const isSilent = errors.length === 3 && errors.every((error) => isAmong(error, silenceCodes));
  return { state: isSilent ? 'unreachable' : 'failing', reason: supervisorReason(errors[0], address) };
}

/** Whether the Supervisor itself answered any of the reads, even with a refusal. */
export function hasAnswered({ device, stateStatus, version }: SupervisorReadings): boolean {
  return [device, stateStatus, version].some(
    (read) => read.ok || (isSupervisorError(read.error) && read.error.status !== undefined),
  );
}

/** Whether the time was up before the Supervisor had answered everything. */
export function endedByDeadline({ device, stateStatus, version }: SupervisorReadings): boolean {
  return [device, stateStatus, version].some((read) => !read.ok && codeOf(read.error) === 'timeout');
}

const keyCodes: readonly string[] = ['unauthorized', 'out-of-scope', 'api-key-missing', 'api-key-invalid'];
const silenceCodes: readonly string[] = ['unreachable', 'timeout'];

function available(
  device: Device,
  state: StateStatus | undefined,
  version: string,
  ownApp: { appId?: number | undefined; appName?: string | undefined },
): AvailableSupervisor {
  return {
    state: 'available',
    version: safeText(version, 128) ?? 'unknown',
    device: {
      ipAddresses: addresses(device.ipAddresses),
      macAddresses: addresses(device.macAddresses),
      commit: safeText(device.commit, 128),
      status: safeText(device.status, 128),
      updatePending: device.updatePending,
      updateFailed: device.updateFailed,
      updateDownloaded: device.updateDownloaded,
    },
    appState: state && (safeText(state.appState, 64) ?? 'unknown'),
    apps: state ? supervisorApps(state, ownApp) : [],
  };
}

const addressesMax = 64;

function addresses(texts: readonly string[]): string[] {
  return texts
    .flatMap((text) => safeText(text, 64) ?? [])
    .toSorted()
    .slice(0, addressesMax);
}

function codeOf(error: unknown): string | undefined {
  if (isSupervisorError(error)) return error.code;
  return error instanceof ReadTimeout ? 'timeout' : undefined;
}

function isAmong(error: unknown, codes: readonly string[]): boolean {
  return codes.includes(codeOf(error) ?? '');
}
