/** Entries of a `gate.json` about a device with the services main and agent, which gets a new release. */
export interface GateRecord {
  situation: string;
  atSeconds: number;
  method: string;
  path: string;
  requestBody: unknown;
  status: number;
  contentType: string | null;
  body: unknown;
}

type Entry = Omit<GateRecord, 'situation'>;

const json = 'application/json; charset=utf-8';
const appId = 1_234_567;
export const oldCommit = 'a'.repeat(32);
export const newCommit = 'b'.repeat(32);
const services = ['main', 'agent'] as const;
type Age = 'old' | 'new';

export function situation(title: string, ...entries: Entry[]): GateRecord[] {
  return entries.map((entry) => Object.assign({ situation: title }, entry));
}

/** `flags`: P pending, F failed, D downloaded. */
export function device(atSeconds: number, flags: string, status: string, commit?: string): Entry {
  return look(atSeconds, '/v1/device', {
    api_port: 48_484,
    os_version: 'balenaOS 6.5.10',
    mac_address: '02:00:5E:00:53:01',
    supervisor_version: '19.0.5',
    update_pending: flags.includes('P'),
    update_failed: flags.includes('F'),
    update_downloaded: flags.includes('D'),
    ...(commit !== undefined && { commit }),
    status,
    download_progress: null,
  });
}

/** Containers as `main old Running`, images as `main old`; both are complete. */
export function state(
  atSeconds: number,
  appState: 'applying' | 'applied',
  containers: readonly string[],
  images: readonly string[],
  release: string,
): Entry {
  return look(atSeconds, '/v2/state/status', {
    status: 'success',
    appState,
    overallDownloadProgress: null,
    containers: containers.map((each) => {
      const [serviceName = '', age = '', ...status] = each.split(' ');
      return {
        status: status.join(' '),
        serviceName,
        appId,
        imageId: imageIdOf(serviceName, age as Age),
        serviceId: serviceName === 'main' ? 11 : 12,
        containerId: (serviceName === 'main' ? (age === 'old' ? '1' : '2') : age === 'old' ? '3' : '4').repeat(64),
        createdAt: '2026-11-29T12:00:00.000Z',
      };
    }),
    images: images.map((each) => {
      const [serviceName = '', age = ''] = each.split(' ');
      return {
        name: nameOf(serviceName, age as Age),
        appId,
        serviceName,
        imageId: imageIdOf(serviceName, age as Age),
        dockerImageId: `sha256:${'c'.repeat(64)}`,
        status: 'Downloaded',
        downloadProgress: null,
      };
    }),
    release,
  });
}

/** The state of the new release, as Supervisors from 17.7.0 on tell it. */
export function apps(atSeconds: number, updateStatus: string, status: string, progress: number | null = null): Entry {
  const told = services.map((serviceName) => [
    serviceName,
    { status, image: nameOf(serviceName, 'new'), downloadProgress: progress, releaseId: 2 },
  ]);
  return look(atSeconds, '/v2/applications/state', {
    gate: {
      appId,
      appUuid: 'd'.repeat(32),
      commit: newCommit,
      updateStatus,
      services: Object.fromEntries(told) as unknown,
    },
  });
}

/** The same from an older Supervisor. */
export function terseApps(atSeconds: number, status: string): Entry {
  const told = services.map((serviceName) => [serviceName, { status, downloadProgress: null, releaseId: 2 }]);
  return look(atSeconds, '/v2/applications/state', {
    gate: { appId, commit: newCommit, services: Object.fromEntries(told) as unknown },
  });
}

export function update(atSeconds: number, requestBody: unknown = null): Entry {
  return { ...look(atSeconds, '/v1/update', ''), method: 'POST', requestBody, status: 204, contentType: null };
}

/** A restart of the app, which a lock refuses in these words. */
export function refusedRestart(atSeconds: number, message: string): Entry {
  const path = `/v2/applications/${appId}/restart`;
  return { ...look(atSeconds, path, { status: 'failed', message }), method: 'POST', status: 423 };
}

export function unreachable(atSeconds: number): Entry {
  return { ...look(atSeconds, '/v1/device', 'connection error: ECONNREFUSED'), status: 0, contentType: null };
}

function look(atSeconds: number, path: string, body: unknown): Entry {
  return { atSeconds, method: 'GET', path, requestBody: null, status: 200, contentType: json, body };
}

function imageIdOf(serviceName: string, age: Age): number {
  return (age === 'old' ? 1000 : 2000) + (serviceName === 'main' ? 1 : 2);
}

function nameOf(serviceName: string, age: Age): string {
  return `registry.example/v2/${serviceName}-${age}@sha256:${'e'.repeat(64)}`;
}
