import {
  type Device,
  type StateStatus,
  SupervisorError,
  type SupervisorErrorCode,
} from '@serve.zone/balena-supervisor-client';
import { describe, expect, test } from 'vitest';
import { ReadTimeout } from './read-timeout.js';
import type { Read } from './read-within.js';
import { hasAnswered, type SupervisorReadings, supervisorStatusOf } from './supervisor-status.js';

const device: Device = {
  apiPort: 48484,
  ipAddresses: ['192.168.1.7', '10.0.0.2'],
  macAddresses: ['AA:BB:CC:DD:EE:FF'],
  osVersion: 'balenaOS 6.0.0',
  supervisorVersion: '19.0.4',
  updatePending: false,
  updateFailed: false,
  updateDownloaded: false,
  commit: 'c0ffee',
  status: 'Idle',
};

const container = {
  status: 'Running',
  serviceName: 'main',
  appId: 7,
  imageId: 1,
  serviceId: 2,
  containerId: 'c1',
  createdAt: '',
};

const stateStatus: StateStatus = {
  appState: 'applied',
  containers: [container],
  images: [
    { name: 'main-image', appId: 7, serviceName: 'main', imageId: 1, status: 'Downloaded' },
    { name: 'new-image', appId: 7, serviceName: 'added', imageId: 2, status: 'Downloading' },
  ],
  release: 'c0ffee',
};

function ok<Value>(value: Value): Read<Value> {
  return { ok: true, value };
}

function failed(code: SupervisorErrorCode, status?: number): Read<never> {
  return {
    ok: false,
    error: new SupervisorError({
      code,
      what: `it was ${code}.`,
      message: `GET /v1/device: it was ${code}. Give \`apiKey\`, \`withoutKey\` or \`timeoutMs\`.`,
      endpoint: 'GET /v1/device',
      status,
    }),
  };
}

const late: Read<never> = { ok: false, error: new ReadTimeout(5000) };

function readings(changes: Partial<SupervisorReadings> = {}): SupervisorReadings {
  return {
    device: ok(device),
    stateStatus: ok(stateStatus),
    version: ok('19.0.5'),
    ...changes,
  };
}

function statusOf(changes: Partial<SupervisorReadings>) {
  return supervisorStatusOf(readings(changes), { appId: 7, appName: 'shop' });
}

describe('a healthy Supervisor', () => {
  test('is available, with device, apps and services in a stable order', () => {
    expect(statusOf({})).toEqual({
      state: 'available',
      version: '19.0.5',
      device: {
        ipAddresses: ['10.0.0.2', '192.168.1.7'],
        macAddresses: ['AA:BB:CC:DD:EE:FF'],
        commit: 'c0ffee',
        status: 'Idle',
        updatePending: false,
        updateFailed: false,
        updateDownloaded: false,
      },
      appState: 'applied',
      apps: [
        {
          appId: 7,
          name: 'shop',
          commit: 'c0ffee',
          services: [
            { name: 'added', status: 'Downloading', containerId: undefined },
            { name: 'main', status: 'Running', containerId: 'c1' },
          ],
        },
      ],
    });
  });

  test('is available without services if it is too old to list them and has no /v2/version', () => {
    const status = statusOf({ stateStatus: failed('not-supported', 404), version: failed('not-supported', 404) });
    expect(status).toMatchObject({ state: 'available', version: '19.0.4', apps: [] });
  });

  test('does not attribute a release to one of several apps', () => {
    const two = { ...stateStatus, containers: [container, { ...container, appId: 3 }] };
    expect(statusOf({ stateStatus: ok(two) })).toMatchObject({
      apps: [
        { appId: 3, name: undefined, commit: undefined },
        { appId: 7, name: 'shop', commit: undefined },
      ],
    });
  });
});

describe('an unhealthy Supervisor', () => {
  const all = (read: Read<never>) => ({ device: read, stateStatus: read, version: read });

  test.each([
    ['unreachable', all(failed('unreachable'))],
    ['unreachable', all(late)],
    ['unreachable', { ...all(late), version: failed('unreachable') }],
    ['unauthorized', all(failed('unauthorized', 401))],
    ['unauthorized', all(failed('out-of-scope', 401))],
    ['unauthorized', all(failed('api-key-missing'))],
    ['unauthorized', { ...all(late), version: failed('unauthorized', 401) }],
    ['failing', all(failed('supervisor-error', 503))],
    ['failing', all(failed('unexpected-response', 200))],
    ['failing', { device: late, stateStatus: late }],
    ['failing', { stateStatus: late }],
    ['failing', { device: failed('not-supported', 404) }],
  ] as const)('is %s because of %j', (state, changes) => {
    expect(statusOf(changes)).toEqual({ state, reason: expect.stringMatching(/\.$/) });
  });

  test.each([
    [
      failed('api-key-missing'),
      expect.stringMatching(/^BALENA_SUPERVISOR_API_KEY is not set, .* label io\.balena\.features\.supervisor-api/),
    ],
    [failed('unauthorized', 401), expect.stringContaining('rejected BALENA_SUPERVISOR_API_KEY')],
    [
      failed('timeout'),
      'The Supervisor at http://10.0.0.1:48484 did not answer in time. The Supervisor or the container engine is busy or hangs. If the problem persists, check journalctl -u balena-supervisor on the host.',
    ],
    [
      late,
      'The Supervisor at http://10.0.0.1:48484 did not answer within 5 s. The Supervisor or the container engine is busy or hangs. If the problem persists, check journalctl -u balena-supervisor on the host.',
    ],
    [
      failed('unreachable'),
      'The Supervisor at http://10.0.0.1:48484 cannot be reached: it was unreachable. Check on the host that the Supervisor runs (systemctl status balena-supervisor), and that BALENA_SUPERVISOR_ADDRESS is the address of this device.',
    ],
  ])('is explained in an operator’s words: %#', (read, reason) => {
    const address = 'http://user:secret@10.0.0.1:48484/v?apikey=secret';
    expect(supervisorStatusOf(readings(all(read)), {}, address)).toMatchObject({ reason });
  });

  test('has a reason even if the thrown value is not an error', () => {
    expect(statusOf(all({ ok: false, error: 'thrown' }))).toEqual({
      state: 'failing',
      reason: 'The Supervisor gave no reason.',
    });
  });

  test('was seen if it refused, and was not seen if nothing came back', () => {
    expect(hasAnswered(readings())).toBe(true);
    expect(hasAnswered(all(failed('unauthorized', 401)))).toBe(true);
    expect(hasAnswered(all(failed('unreachable')))).toBe(false);
    expect(hasAnswered(all(late))).toBe(false);
  });
});
