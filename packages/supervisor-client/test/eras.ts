import type { SupervisorClient } from '../src/client/supervisor-client.js';
import type { SupervisorErrorCode, SupervisorLock } from '../src/errors/supervisor-error.js';

/** The answers of certain Supervisor versions to a call, and their meaning for the caller. */
export interface EraAnswer {
  /** The first and the last Supervisor with this answer. */
  versions: readonly [first: string, last: string];
  what: string;
  /** The calls with this answer. */
  calls: readonly EraCall[];
  /** Absent: no answer comes. */
  answer?: { status: number; contentType?: string; body?: string };
  outcome: { result: unknown } | { code: SupervisorErrorCode; lock?: SupervisorLock; message?: RegExp };
}

export interface EraCall {
  call: (supervisor: SupervisorClient) => Promise<unknown>;
  /** The method and path of the request. */
  asks: string;
}

const newest = '19.0.5';
const appId = 1203;
const lockFile = `/mnt/root/tmp/balena-supervisor/services/${appId}/camera/updates.lock`;
const oldLockFile = `/mnt/root/tmp/resin-supervisor/services/${appId}/camera/resin-updates.lock`;
const oldestLockFile = `/mnt/root/tmp/resin-supervisor/${appId}/resin-updates.lock`;

function exists(file: string) {
  return `Updates are locked: EEXIST: file already exists, open '${file}'`;
}

const missingApp =
  "App not found: an app needs to be installed for this endpoint to work.\n\tIf you've recently moved this device from another app,\n\tplease push an app and wait for it to be installed first.";

/** The formats of an answer, which differ by endpoint and version. */
function plain(status: number, body: string) {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}

function html(status: number, body: string) {
  return { status, contentType: 'text/html; charset=utf-8', body };
}

function json(status: number, value: unknown) {
  return {
    status,
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify(value),
  };
}

function failed(status: number, message: string) {
  return json(status, { status: 'failed', message });
}

function envelope(status: number, message: string) {
  return json(status, { Data: '', Error: message });
}

function noEndpoint(line: string) {
  return html(404, `<!DOCTYPE html>\n<body>\n<pre>Cannot ${line}</pre>\n</body>\n`);
}

/** The calls and their requests. */
const app = {
  state: { call: (c: SupervisorClient) => c.app(appId).state(), asks: `GET /v2/applications/${appId}/state` },
  restart: { call: (c: SupervisorClient) => c.app(appId).restart(), asks: `POST /v2/applications/${appId}/restart` },
  purge: { call: (c: SupervisorClient) => c.app(appId).purge(), asks: `POST /v2/applications/${appId}/purge` },
} as const;
const service = {
  start: {
    call: (c: SupervisorClient) => c.app(appId).service('camera').start(),
    asks: `POST /v2/applications/${appId}/start-service`,
  },
  stop: {
    call: (c: SupervisorClient) => c.app(appId).service('camera').stop(),
    asks: `POST /v2/applications/${appId}/stop-service`,
  },
  restart: {
    call: (c: SupervisorClient) => c.app(appId).service({ imageId: 88 }).restart(),
    asks: `POST /v2/applications/${appId}/restart-service`,
  },
} as const;
const single = {
  read: { call: (c: SupervisorClient) => c.singleContainerApp(appId).read(), asks: `GET /v1/apps/${appId}` },
  start: { call: (c: SupervisorClient) => c.singleContainerApp(appId).start(), asks: `POST /v1/apps/${appId}/start` },
  stop: { call: (c: SupervisorClient) => c.singleContainerApp(appId).stop(), asks: `POST /v1/apps/${appId}/stop` },
  restart: { call: (c: SupervisorClient) => c.singleContainerApp(appId).restart(), asks: 'POST /v1/restart' },
  purge: { call: (c: SupervisorClient) => c.singleContainerApp(appId).purge(), asks: 'POST /v1/purge' },
} as const;
const device = { call: (c: SupervisorClient) => c.device(), asks: 'GET /v1/device' } as const;
const healthy = { call: (c: SupervisorClient) => c.isHealthy(), asks: 'GET /v1/healthy' } as const;
const reboot = { call: (c: SupervisorClient) => c.reboot(), asks: 'POST /v1/reboot' } as const;
const shutdown = { call: (c: SupervisorClient) => c.shutdown(), asks: 'POST /v1/shutdown' } as const;
const hostConfig = {
  read: { call: (c: SupervisorClient) => c.hostConfig.read(), asks: 'GET /v1/device/host-config' },
  change: {
    call: (c: SupervisorClient) => c.hostConfig.change({ hostname: 'gate' }),
    asks: 'PATCH /v1/device/host-config',
  },
} as const;
const apps = { call: (c: SupervisorClient) => c.apps.list(), asks: 'GET /v2/applications/state' } as const;
const version = { call: (c: SupervisorClient) => c.version(), asks: 'GET /v2/version' } as const;
const stateStatus = { call: (c: SupervisorClient) => c.stateStatus(), asks: 'GET /v2/state/status' } as const;
const tags = { call: (c: SupervisorClient) => c.tags.list(), asks: 'GET /v2/device/tags' } as const;

/** First and last version, situation, and answer. Without an answer, the Supervisor sends none. */
type Row = readonly [first: string, last: string, what: string, answer?: EraAnswer['answer']];

/** Answers of several eras to the same calls, with the same meaning to the caller. */
function answered(calls: readonly EraCall[], outcome: EraAnswer['outcome'], rows: readonly Row[]): EraAnswer[] {
  return rows.map(([first, last, what, answer]) => ({
    versions: [first, last],
    what,
    calls,
    outcome,
    ...(answer !== undefined && { answer }),
  }));
}

const userLock = { code: 'locked', lock: 'user-lock' } as const;

/** Locks, by the calls that they prevent. */
const locks = [
  answered([app.restart, app.purge], userLock, [
    ['7.0.0', '7.21.5', 'a lock, as text', html(503, exists(oldLockFile))],
    ['7.22.0', '10.3.7', 'a lock, as text', html(503, exists(lockFile))],
    ['10.3.8', '12.2.10', 'a lock, as JSON', failed(503, exists(lockFile))],
    ['12.2.11', '12.8.9', 'a lock, as 423', failed(423, exists(lockFile))],
    [
      '12.8.10',
      '13.0.3',
      'a lock, its app as text',
      failed(423, 'Lockfile exists for {"serviceName":"camera","appId":"1203771"}'),
    ],
    [
      '12.8.10',
      '13.0.3',
      'a lock of an app whose ID has not seven digits',
      failed(423, `EEXIST: file already exists, open '${lockFile}'`),
    ],
    [
      '13.1.0',
      '14.0.0',
      'a lock, its app as a number',
      failed(423, `Lockfile exists for {"serviceName":"camera","appId":${appId}}`),
    ],
    ['14.0.1', newest, 'a lock', failed(423, `Lockfile exists for { appId: ${appId}, service: camera }`)],
  ]),
  answered([single.restart], userLock, [['1.8.0', '6.6.11', 'a lock', html(503, exists(oldestLockFile))]]),
  answered([single.stop], userLock, [
    ['1.8.0', '6.6.11', 'a lock', html(503, exists(oldestLockFile))],
    ['7.0.0', '10.3.7', 'a lock', html(503, exists(lockFile))],
    ['10.3.8', '12.2.10', 'a lock', failed(503, exists(lockFile))],
  ]),
  answered([single.start], { ...userLock, message: /Try again when the service has released its lock\.$/ }, [
    ['1.8.0', '6.6.11', 'a lock, which there is no force against', html(503, exists(oldestLockFile))],
  ]),
  answered([service.stop, service.restart], { ...userLock, message: /or pass `force: true`/ }, [
    ['7.0.0', '7.11.3', 'a lock', html(503, exists(oldLockFile))],
  ]),
  answered([service.start], { ...userLock, message: /Try again when the service has released its lock\.$/ }, [
    ['7.0.0', '7.11.3', 'a lock, which there is no force against', html(503, exists(oldLockFile))],
  ]),
  answered(
    [service.start, service.stop, service.restart],
    {
      code: 'timeout',
      message: /before 12\.2\.11 do not answer while a service of the app holds its update lock/,
    },
    [['7.12.0', '12.2.10', 'a lock: no answer']],
  ),
  answered([reboot, shutdown], userLock, [
    ['2.8.0', '6.1.1', 'a lock, as text', html(423, 'Updates are locked: EEXIST, open')],
    ['6.1.2', '12.8.9', 'a lock', envelope(423, exists(oldLockFile))],
  ]),
  answered([reboot, shutdown], { code: 'locked', lock: 'host-update' }, [
    ['12.8.10', newest, 'an update of the host OS', envelope(423, 'Waiting for Host OS update to finish')],
  ]),
  answered([reboot, shutdown], { code: 'locked', lock: 'supervisor-busy' }, [
    [
      '16.7.8',
      newest,
      'another operation',
      envelope(423, `Locks for app ${appId} are being held by another supervisor operation`),
    ],
  ]),
  answered(
    [app.restart, reboot, hostConfig.change],
    { code: 'timeout', message: /before 16\.7\.8 do not answer while another of their operations/ },
    [['1.8.0', '16.7.7', 'another operation: no answer']],
  ),
  answered([hostConfig.change], userLock, [
    ['12.11.34', newest, 'a lock', html(423, `Lockfile exists for { appId: ${appId}, service: camera }`)],
  ]),
  answered(
    [app.restart, single.stop],
    { code: 'supervisor-error', message: /could not take the update locks.*`force` does not help/ },
    [
      [
        '7.0.0',
        '12.2.10',
        'a lock file that could not be written: held by nobody',
        failed(503, `Updates are locked: EROFS: read-only file system, open '${lockFile}'`),
      ],
    ],
  ),
  answered([app.restart, single.stop], { code: 'supervisor-error', message: /could not take the update locks/ }, [
    [
      '12.2.11',
      '13.0.3',
      'a lock file that could not be written: held by nobody',
      failed(423, `ENOSPC: no space left on device, open '${lockFile}'`),
    ],
  ]),
].flat();

/** Missing apps and services. */
const missing = [
  answered([single.read, single.stop, single.start, single.restart], { code: 'not-found' }, [
    ['1.8.0', '1.11.9', 'no such app', html(503, 'App not found')],
    ['1.12.0', '6.6.11', 'no such app', html(400, 'App not found')],
  ]),
  answered([single.purge], { code: 'not-found' }, [
    [
      '1.12.0',
      '6.6.11',
      'no such app',
      html(
        400,
        "App not found: an app needs to be installed for purge to work. If you've recently moved this device from another app, please push an app and wait for it to be installed first.",
      ),
    ],
  ]),
  answered([app.restart, single.restart], { code: 'not-found' }, [
    ['7.0.0', '10.3.7', 'no such app', html(503, "Cannot read property 'services' of undefined")],
    ['10.3.8', '11.14.0', 'no such app', failed(503, "Cannot read property 'services' of undefined")],
    ['11.14.1', newest, 'no such app', failed(503, `Application with ID ${appId} is not in the current state`)],
  ]),
  answered([app.purge, single.purge], { code: 'not-found' }, [
    ['7.0.0', '10.3.7', 'no such app', html(503, missingApp)],
    ['10.3.8', '14.4.10', 'no such app', failed(503, missingApp)],
  ]),
  answered([service.start, service.stop, service.restart], { code: 'not-found' }, [
    ['7.0.0', '14.4.10', 'no such app', html(404, missingApp)],
    ['14.5.0', newest, 'no such app', failed(503, "Cannot read properties of undefined (reading 'volumes')")],
    ['7.0.0', newest, 'no container', html(404, 'Service not found, a container must exist for this endpoint to work')],
  ]),
  answered([single.stop], { code: 'not-found' }, [
    ['11.14.1', '14.4.10', 'an app without a container', html(400, 'No services on app')],
  ]),
  answered([app.state], { code: 'not-found' }, [
    ['11.4.12', newest, 'no such app', failed(409, `Application ID does not exist: ${appId}`)],
  ]),
].flat();

/** Access by key. */
const keys = [
  answered([device], { code: 'unauthorized' }, [
    [
      '9.0.0',
      '9.2.8',
      'no usable key',
      html(
        503,
        'Unexpected error: TypeError: First argument must be a string, Buffer, ArrayBuffer, Array, or array-like object.',
      ),
    ],
    ['9.2.9', newest, 'a wrong key', plain(401, 'Unauthorized')],
  ]),
  answered([device], { code: 'supervisor-error' }, [
    [
      '9.0.0',
      newest,
      'a failure while it checks the key',
      html(503, 'Unexpected error: Error: SQLITE_BUSY: database is locked'),
    ],
    [
      '9.0.0',
      newest,
      'a defect while it checks the key',
      html(503, "Unexpected error: TypeError: Cannot read property 'get' of undefined"),
    ],
  ]),
  answered([device], { code: 'supervisor-error', message: /apiKeyIn: 'query'/ }, [
    ['1.6.0', '8.7.1', 'a key that it cannot check', html(503, 'Invalid API key in supervisor')],
  ]),
  answered(
    [app.restart, single.read],
    { code: 'out-of-scope', message: /11\.14\.4 to 12\.2\.0 give access to no app/ },
    [['11.14.4', '14.4.10', 'an app of another key', failed(401, 'Application is not available')]],
  ),
  answered([single.stop], { code: 'out-of-scope' }, [
    ['11.14.4', newest, 'an app of another key', html(401, 'Unauthorized')],
  ]),
  answered([stateStatus], { code: 'unexpected-response', message: /device with several apps/ }, [
    [
      '12.2.0',
      '12.2.2',
      'several apps',
      failed(405, 'Cannot use /v2/ endpoints with a key that is scoped to multiple applications'),
    ],
  ]),
].flat();

/** Failures, and endpoints that a Supervisor does not have. */
const failures = [
  answered([healthy], { result: false }, [
    ['6.5.0', '10.3.7', 'bad', plain(500, 'Internal Server Error')],
    ['10.10.15', newest, 'bad', html(500, 'Unhealthy')],
  ]),
  answered([healthy], { result: true }, [['6.5.0', newest, 'good', plain(200, 'OK')]]),
  answered([healthy], { code: 'timeout', message: /10\.3\.8 to 10\.10\.14 do not answer if their checks fail/ }, [
    ['10.3.8', '10.10.14', 'bad: no answer'],
  ]),
  answered([single.start, single.stop], { code: 'supervisor-error', message: /app\(\)\.service/ }, [
    [
      '10.10.11',
      '11.11.4',
      'a defect, and no app that is missing',
      failed(503, "Cannot read property 'services' of undefined"),
    ],
  ]),
  answered([app.restart], { code: 'supervisor-error', message: /Check the state/ }, [
    ['17.5.0', newest, 'two at once', failed(503, "Cannot read properties of null (reading 'local')")],
  ]),
  answered(
    [
      {
        call: (c) => c.request({ method: 'POST', path: `/v2/applications/${appId}/restart-service` }),
        asks: service.restart.asks,
      },
    ],
    { code: 'bad-request' },
    [
      [
        '10.3.8',
        '14.4.10',
        'a request that names no service',
        failed(503, 'This endpoint requires one of imageId or serviceName'),
      ],
    ],
  ),
  answered([single.stop], { code: 'bad-request', message: /app\(\)\.service/ }, [
    ['7.0.0', newest, 'several services', html(400, 'Some v1 endpoints are only allowed on single-container apps')],
  ]),
  answered([{ call: (c) => c.update(), asks: 'POST /v1/update' }], { code: 'bad-request' }, [
    [
      '7.0.0',
      '10.3.7',
      'JSON that it cannot read',
      html(400, '<pre>SyntaxError: Unexpected token n in JSON at position 0</pre>'),
    ],
  ]),
  answered(
    [{ call: (c) => c.local.targetState(), asks: 'GET /v2/local/target-state' }],
    { code: 'bad-request', message: /Enable local mode/ },
    [['7.21.0', '10.6.32', 'no local mode', failed(400, 'Target state can only be retrieved when in local mode')]],
  ),
  answered([device], { code: 'supervisor-error' }, [
    ['7.0.0', '14.4.10', 'no engine', envelope(500, 'connect ECONNREFUSED')],
    ['14.5.0', newest, 'no engine', failed(503, 'connect ECONNREFUSED')],
  ]),
  answered([hostConfig.change], { code: 'supervisor-error', message: /if an app is installed/ }, [
    ['12.11.34', '14.0.8', 'no app', html(503, 'Could not find an appId')],
  ]),
  answered([tags], { code: 'supervisor-error', message: /cloud/ }, [
    ['9.11.0', '10.3.7', 'no cloud', failed(503, 'Attempt to communicate with API, without initialized client')],
  ]),
  answered([tags], { code: 'timeout', message: /10\.3\.8 to 10\.11\.1 do not answer if they cannot reach the cloud/ }, [
    ['10.3.8', '10.11.1', 'no cloud: no answer'],
  ]),
  answered([apps], { code: 'not-supported', message: /It needs Supervisor 7\.12\.0 or later/ }, [
    ['1.8.0', '7.11.3', 'no such endpoint', noEndpoint(apps.asks)],
  ]),
  answered([version], { code: 'not-supported', message: /It needs Supervisor 7\.21\.0 or later/ }, [
    ['1.8.0', '7.20.0', 'no such endpoint', noEndpoint(version.asks)],
  ]),
  answered([stateStatus], { code: 'not-supported', message: /It needs Supervisor 9\.7\.0 or later/ }, [
    ['1.8.0', '9.6.6', 'no such endpoint', noEndpoint(stateStatus.asks)],
  ]),
].flat();

/** Successes in the format of their era. */
const results: EraAnswer[] = [
  {
    versions: ['1.12.0', '6.6.11'],
    what: 'an ID in digits, and no release',
    calls: [single.read],
    answer: json(200, {
      appId: `${appId}`,
      commit: 'c0ffee',
      imageId: 'registry/camera',
      env: { A: 'b' },
      containerId: 'dead',
    }),
    outcome: { result: { appId, commit: 'c0ffee', image: 'registry/camera', env: { A: 'b' }, containerId: 'dead' } },
  },
  {
    versions: ['7.20.0', '11.14.0'],
    what: 'neither image nor environment',
    calls: [single.read],
    answer: json(200, { appId, containerId: 'dead', env: {}, releaseId: 5, commit: 'c0ffee' }),
    outcome: { result: { appId, commit: 'c0ffee', containerId: 'dead', env: {}, releaseId: 5 } },
  },
  {
    versions: ['7.0.0', '7.1.7'],
    what: 'no container',
    calls: [single.stop],
    answer: json(200, {}),
    outcome: { result: {} },
  },
  {
    versions: ['6.6.0', '12.3.7'],
    what: 'a port in digits, and an empty line',
    calls: [hostConfig.read],
    answer: json(200, {
      network: {
        proxy: { type: 'socks5', ip: '10.0.0.9', port: '1080', noProxy: ['10.0.0.0/8', ''] },
        hostname: 'gate',
      },
    }),
    outcome: {
      result: { hostname: 'gate', proxy: { type: 'socks5', ip: '10.0.0.9', port: 1080, noProxy: ['10.0.0.0/8'] } },
    },
  },
  {
    versions: ['6.6.0', '10.3.7'],
    what: 'no proxy',
    calls: [hostConfig.read],
    answer: json(200, { network: { proxy: null, hostname: 'gate' } }),
    outcome: { result: { hostname: 'gate' } },
  },
  {
    versions: ['1.6.0', '6.6.11'],
    what: 'more members, and fewer',
    calls: [device],
    answer: json(200, {
      api_port: 80,
      os_version: 'Resin OS 1.24.1',
      os_variant: 'prod',
      supervisor_version: '4.3.2',
      ip_address: '192.0.2.7',
      status: 'Idle',
      download_progress: null,
      update_pending: false,
      update_failed: false,
      update_downloaded: false,
    }),
    outcome: {
      result: {
        apiPort: 80,
        ipAddresses: ['192.0.2.7'],
        macAddresses: [],
        osVersion: 'Resin OS 1.24.1',
        supervisorVersion: '4.3.2',
        updatePending: false,
        updateFailed: false,
        updateDownloaded: false,
        status: 'Idle',
      },
    },
  },
  {
    versions: ['7.12.0', '17.1.5'],
    what: 'a download at 0 % as null',
    calls: [apps],
    answer: json(200, {
      fleet: {
        appId,
        commit: 'c0ffee',
        services: { camera: { status: 'Downloading', releaseId: 6, downloadProgress: null } },
      },
    }),
    outcome: {
      result: [
        { name: 'fleet', appId, commit: 'c0ffee', services: [{ name: 'camera', status: 'Downloading', releaseId: 6 }] },
      ],
    },
  },
  {
    versions: ['7.12.0', '14.7.1'],
    what: 'dependent apps beside the app',
    calls: [app.state],
    answer: json(200, {
      local: { [appId]: { services: { 88: { status: 'Running', releaseId: 5, download_progress: null } } } },
      dependent: {},
      commit: 'c0ffee',
    }),
    outcome: { result: { appId, commit: 'c0ffee', images: [{ imageId: 88, status: 'Running', releaseId: 5 }] } },
  },
  {
    versions: ['7.21.0', '10.0.1'],
    what: 'a success that is misspelt',
    calls: [{ call: (c) => c.local.deviceInfo(), asks: 'GET /v2/local/device-info' }],
    answer: json(200, { status: 'sucess', info: { arch: 'armv7hf', deviceType: 'raspberrypi3' } }),
    outcome: { result: { arch: 'armv7hf', deviceType: 'raspberrypi3' } },
  },
  {
    versions: ['1.8.0', '17.8.5'],
    what: 'a wish that is taken up',
    calls: [{ call: (c) => c.update(), asks: 'POST /v1/update' }],
    answer: { status: 204 },
    outcome: { result: { outcome: 'triggered' } },
  },
  {
    versions: ['9.13.0', newest],
    what: 'a wish that is noted',
    calls: [{ call: (c) => c.update({ force: true }), asks: 'POST /v1/update' }],
    answer: plain(202, 'Accepted'),
    outcome: { result: { outcome: 'accepted' } },
  },
];

/**
 * The answers of Supervisors from 1.6 to 19.0.5 that differ from those of 19.0.5, or that an old one might have given
 * differently. Their versions were found in the source of the Supervisor at its tags.
 */
export const eraAnswers: readonly EraAnswer[] = [...locks, ...missing, ...keys, ...failures, ...results];
