import type { FetchLike } from '../src/transport/fetch-like.js';

export type SentRequest = Parameters<FetchLike>[1] & { url: string };

/** A transport that gives the same answer to every request and keeps what was sent. */
export function answering(
  status: number,
  body: string | Uint8Array = '',
  contentType?: string,
): FetchLike & { sent: SentRequest[] } {
  const sent: SentRequest[] = [];
  const fetch: FetchLike = async (url, init) => {
    sent.push({ url, ...init });
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    return { status, headers: { get: () => contentType ?? null }, body: oneChunk(bytes) };
  };
  return Object.assign(fetch, { sent });
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A device whose release is being exchanged, as `GET /v1/device` shows it. */
export const deviceAnswer = {
  api_port: 48484,
  ip_address: '192.168.7.20  fe80::1c2d',
  mac_address: '02:00:5E:10:00:01 02:00:5E:10:00:02',
  os_version: 'balenaOS 6.1.2',
  supervisor_version: '17.8.1',
  update_pending: true,
  update_failed: false,
  update_downloaded: false,
  commit: 'f00dfeedf00dfeedf00dfeedf00dfeed',
  status: 'Downloading',
  download_progress: 42,
};

export const containerAnswer = {
  status: 'Running',
  serviceName: 'sensor',
  appId: 77,
  imageId: 501,
  serviceId: 9,
  containerId: 'c0ffee',
  createdAt: '2026-02-03T04:05:06.789Z',
};

export const imageAnswer = {
  name: 'registry.example/sensor@sha256:abc',
  appId: 77,
  serviceName: 'sensor',
  imageId: 502,
  dockerImageId: 'sha256:def',
  status: 'Downloading',
  downloadProgress: 12.5,
};

export const stateStatusAnswer = {
  status: 'success',
  appState: 'applying',
  overallDownloadProgress: 12,
  containers: [containerAnswer],
  images: [imageAnswer],
  release: 'f00dfeedf00dfeedf00dfeedf00dfeed',
};
