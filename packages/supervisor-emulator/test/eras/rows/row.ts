import type { SupervisorOptions } from '../../../src/options/supervisor-options.js';
import { appId } from '../era-device.js';
import type { Answered, EraDevice, Sent } from '../era-device.js';
import type { Era } from '../../../src/eras/era.js';

export type Difference = keyof Era;

/** An answer: status, kind of body, and the body as text, as the beginning of JSON, or by a pattern; or that there is none. */
export type Expected =
  | readonly [status: number, type: keyof typeof types, body: string | RegExp | object]
  | 'nothing'
  | 'reset';

export interface Row extends Sent {
  /** The differences that the row shows. */
  shows: readonly Difference[];
  /** The last version that answers in the one way, and the first that answers in the other. */
  at: readonly [string, string];
  /** What the device is in, in words. */
  when?: string;
  options?: SupervisorOptions;
  arrange?: (device: EraDevice) => unknown;
  ask: string;
  /** What is looked at after the answer, in place of it. */
  see?: (device: EraDevice) => unknown;
  before: Expected | { seen: unknown };
  since: Expected | { seen: unknown };
}

export const types = {
  html: 'text/html; charset=utf-8',
  text: 'text/plain; charset=utf-8',
  json: 'application/json; charset=utf-8',
  none: null,
} as const;

export const app = `/v2/applications/${appId}`;
export const otherApp = '/v2/applications/7654321';
export const unmanaged: SupervisorOptions = { unmanaged: true, osVariant: 'dev' };
export const twoApps: SupervisorOptions = { apps: [{ appId }, { appId: 2, commit: 'second' }] };
export const twoServices: SupervisorOptions = { apps: [{ appId, services: ['main', 'frontend'] }] };

/** The Supervisor's envelope for a failure, with these words. */
export function failed(message: string | RegExp): string | RegExp {
  return typeof message === 'string'
    ? JSON.stringify({ status: 'failed', message })
    : new RegExp(`^\\{"status":"failed","message":"${message.source}"\\}$`);
}

export const ok: Expected = [200, 'html', 'OK'];
export const unauthorized: Expected = [401, 'text', 'Unauthorized'];
export const accepted: Expected = [202, 'json', { Data: 'OK', Error: null }];
export const hostUpdating: Expected = [423, 'json', { Data: '', Error: 'Waiting for Host OS update to finish' }];

export function exists(path: string): string {
  return `EEXIST: file already exists, open '/mnt/root/tmp/${path}'`;
}

export const updatesLocked = `Updates are locked: ${exists(`balena-supervisor/services/${appId}/main/updates.lock`)}`;
export const updatesLockedResin = `Updates are locked: ${exists(`resin-supervisor/services/${appId}/main/resin-updates.lock`)}`;
export const lockfileExists = `Lockfile exists for { appId: ${appId}, service: main }`;
export const appNotFound = [
  'App not found: an app needs to be installed for this endpoint to work.',
  "If you've recently moved this device from another app,",
  'please push an app and wait for it to be installed first.',
];

export function locked({ supervisor }: EraDevice): void {
  return supervisor.lock();
}

export async function offered(device: EraDevice): Promise<void> {
  device.supervisor.releaseAvailable({ commit: 'new', downloadDurationMs: 5000 });
  await device.ask('POST /v1/update');
}

export async function blocked(device: EraDevice): Promise<void> {
  device.supervisor.lock();
  device.supervisor.releaseAvailable({ commit: 'new', downloadDurationMs: 0 });
  await device.ask('POST /v1/update');
  device.pass(6000);
}

export async function withoutContainers(device: EraDevice): Promise<void> {
  device.supervisor.releaseAvailable({ commit: 'new', downloadDurationMs: 0 });
  await device.ask('POST /v1/update');
  device.pass(1000);
}

export function stage({ supervisor }: EraDevice): unknown {
  return supervisor.state.apps[0]?.update?.stage;
}

export function containerStatus({ supervisor }: EraDevice): unknown {
  return supervisor.state.apps[0]?.containers[0]?.status;
}

export function proxied(proxy: object) {
  return (device: EraDevice) => device.ask('PATCH /v1/device/host-config', { body: { network: { proxy } } });
}

export const proxy = { type: 'socks5', ip: 'proxy.example', port: 8123, noProxy: ['192.0.2.0/24'] };

export async function hostConfig(device: EraDevice): Promise<unknown> {
  const { body } = (await device.ask('GET /v1/device/host-config')) as Answered;
  return (JSON.parse(body) as { network: unknown }).network;
}

export function printed({ supervisor }: EraDevice): void {
  return supervisor.log({ message: 'hello' });
}

export const entries = /hello/;
export const noEntries: Expected = [200, 'none', '-- No entries --\n'];
