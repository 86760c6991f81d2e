import type { SupervisorClient } from '../src/client/supervisor-client.js';
import type { SupervisorErrorCode, SupervisorLock } from '../src/errors/supervisor-error.js';

/** What Supervisors of some versions answer to a call, and what the caller has to be told. */
export interface EraAnswer {
  /** The first and the last Supervisor that answers so. */
  versions: readonly [first: string, last: string];
  what: string;
  /** The calls that are answered so. */
  calls: readonly EraCall[];
  /** Absent: no answer comes. */
  answer?: { status: number; contentType?: string; body?: string };
  outcome: { result: unknown } | { code: SupervisorErrorCode; lock?: SupervisorLock; message?: RegExp };
}

export interface EraCall {
  call: (supervisor: SupervisorClient) => Promise<unknown>;
  /** Method and path that it asks for. */
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

/** The forms an answer has: which one stands for which endpoint and version. */
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

/** A call, and what it asks for. */
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

const userLock = { code: 'locked', lock: 'user-lock' } as const;

/** A user lock, by the calls that it keeps back. */
const locks: EraAnswer[] = [
  {
    versions: ['7.0.0', '7.21.5'],
    what: 'a lock, as text',
    calls: [app.restart, app.purge],
    answer: html(503, exists(oldLockFile)),
    outcome: userLock,
  },
  {
    versions: ['7.22.0', '10.3.7'],
    what: 'a lock, as text',
    calls: [app.restart, app.purge],
    answer: html(503, exists(lockFile)),
    outcome: userLock,
  },
  {
    versions: ['10.3.8', '12.2.10'],
    what: 'a lock, as JSON',
    calls: [app.restart, app.purge],
    answer: failed(503, exists(lockFile)),
    outcome: userLock,
  },
  {
    versions: ['12.2.11', '12.8.9'],
    what: 'a lock, as 423',
    calls: [app.restart, app.purge],
    answer: failed(423, exists(lockFile)),
    outcome: userLock,
  },
  {
    versions: ['12.8.10', '13.0.3'],
    what: 'a lock, its app as text',
    calls: [app.restart, app.purge],
    answer: failed(423, 'Lockfile exists for {"serviceName":"camera","appId":"1203771"}'),
    outcome: userLock,
  },
  {
    versions: ['12.8.10', '13.0.3'],
    what: 'a lock of an app whose ID has not seven digits',
    calls: [app.restart, app.purge],
    answer: failed(423, `EEXIST: file already exists, open '${lockFile}'`),
    outcome: userLock,
  },
  {
    versions: ['13.1.0', '14.0.0'],
    what: 'a lock, its app as a number',
    calls: [app.restart, app.purge],
    answer: failed(423, `Lockfile exists for {"serviceName":"camera","appId":${appId}}`),
    outcome: userLock,
  },
  {
    versions: ['14.0.1', newest],
    what: 'a lock',
    calls: [app.restart, app.purge],
    answer: failed(423, `Lockfile exists for { appId: ${appId}, service: camera }`),
    outcome: userLock,
  },
  {
    versions: ['1.8.0', '6.6.11'],
    what: 'a lock',
    calls: [single.restart],
    answer: html(503, exists(oldestLockFile)),
    outcome: userLock,
  },
  {
    versions: ['1.8.0', '6.6.11'],
    what: 'a lock',
    calls: [single.stop],
    answer: html(503, exists(oldestLockFile)),
    outcome: userLock,
  },
  {
    versions: ['1.8.0', '6.6.11'],
    what: 'a lock, which there is no force against',
    calls: [single.start],
    answer: html(503, exists(oldestLockFile)),
    outcome: { ...userLock, message: /Try again when the service has released its lock\.$/ },
  },
  {
    versions: ['7.0.0', '10.3.7'],
    what: 'a lock',
    calls: [single.stop],
    answer: html(503, exists(lockFile)),
    outcome: userLock,
  },
  {
    versions: ['10.3.8', '12.2.10'],
    what: 'a lock',
    calls: [single.stop],
    answer: failed(503, exists(lockFile)),
    outcome: userLock,
  },
  {
    versions: ['7.0.0', '7.11.3'],
    what: 'a lock',
    calls: [service.stop, service.restart],
    answer: html(503, exists(oldLockFile)),
    outcome: { ...userLock, message: /or pass `force: true`/ },
  },
  {
    versions: ['7.0.0', '7.11.3'],
    what: 'a lock, which there is no force against',
    calls: [service.start],
    answer: html(503, exists(oldLockFile)),
    outcome: { ...userLock, message: /Try again when the service has released its lock\.$/ },
  },
  {
    versions: ['7.12.0', '12.2.10'],
    what: 'a lock: no answer',
    calls: [service.start, service.stop, service.restart],
    outcome: {
      code: 'timeout',
      message: /before 12\.2\.11 do not answer while a service of the app holds its update lock/,
    },
  },
  {
    versions: ['2.8.0', '6.1.1'],
    what: 'a lock, as text',
    calls: [reboot, shutdown],
    answer: html(423, 'Updates are locked: EEXIST, open'),
    outcome: userLock,
  },
  {
    versions: ['6.1.2', '12.8.9'],
    what: 'a lock',
    calls: [reboot, shutdown],
    answer: envelope(423, exists(oldLockFile)),
    outcome: userLock,
  },
  {
    versions: ['12.8.10', newest],
    what: 'an update of the host OS',
    calls: [reboot, shutdown],
    answer: envelope(423, 'Waiting for Host OS update to finish'),
    outcome: { code: 'locked', lock: 'host-update' },
  },
  {
    versions: ['16.7.8', newest],
    what: 'another operation',
    calls: [reboot, shutdown],
    answer: envelope(423, `Locks for app ${appId} are being held by another supervisor operation`),
    outcome: { code: 'locked', lock: 'supervisor-busy' },
  },
  {
    versions: ['1.8.0', '16.7.7'],
    what: 'another operation: no answer',
    calls: [app.restart, reboot, hostConfig.change],
    outcome: { code: 'timeout', message: /before 16\.7\.8 do not answer while another of their operations/ },
  },
  {
    versions: ['12.11.34', newest],
    what: 'a lock',
    calls: [hostConfig.change],
    answer: html(423, `Lockfile exists for { appId: ${appId}, service: camera }`),
    outcome: userLock,
  },
  {
    versions: ['7.0.0', '12.2.10'],
    what: 'a lock file that could not be written: held by nobody',
    calls: [app.restart, single.stop],
    answer: failed(503, `Updates are locked: EROFS: read-only file system, open '${lockFile}'`),
    outcome: { code: 'supervisor-error', message: /could not take the update locks.*`force` does not help/ },
  },
  {
    versions: ['12.2.11', '13.0.3'],
    what: 'a lock file that could not be written: held by nobody',
    calls: [app.restart, single.stop],
    answer: failed(423, `ENOSPC: no space left on device, open '${lockFile}'`),
    outcome: { code: 'supervisor-error', message: /could not take the update locks/ },
  },
];

/** An app or a service that is not there. */
const missing: EraAnswer[] = [
  {
    versions: ['1.8.0', '1.11.9'],
    what: 'no such app',
    calls: [single.read, single.stop, single.start, single.restart],
    answer: html(503, 'App not found'),
    outcome: { code: 'not-found' },
  },
  {
    versions: ['1.12.0', '6.6.11'],
    what: 'no such app',
    calls: [single.read, single.stop, single.start, single.restart],
    answer: html(400, 'App not found'),
    outcome: { code: 'not-found' },
  },
  {
    versions: ['1.12.0', '6.6.11'],
    what: 'no such app',
    calls: [single.purge],
    answer: html(
      400,
      "App not found: an app needs to be installed for purge to work. If you've recently moved this device from another app, please push an app and wait for it to be installed first.",
    ),
    outcome: { code: 'not-found' },
  },
  {
    versions: ['7.0.0', '10.3.7'],
    what: 'no such app',
    calls: [app.restart, single.restart],
    answer: html(503, "Cannot read property 'services' of undefined"),
    outcome: { code: 'not-found' },
  },
  {
    versions: ['10.3.8', '11.14.0'],
    what: 'no such app',
    calls: [app.restart, single.restart],
    answer: failed(503, "Cannot read property 'services' of undefined"),
    outcome: { code: 'not-found' },
  },
  {
    versions: ['11.14.1', newest],
    what: 'no such app',
    calls: [app.restart, single.restart],
    answer: failed(503, `Application with ID ${appId} is not in the current state`),
    outcome: { code: 'not-found' },
  },
  {
    versions: ['7.0.0', '10.3.7'],
    what: 'no such app',
    calls: [app.purge, single.purge],
    answer: html(503, missingApp),
    outcome: { code: 'not-found' },
  },
  {
    versions: ['10.3.8', '14.4.10'],
    what: 'no such app',
    calls: [app.purge, single.purge],
    answer: failed(503, missingApp),
    outcome: { code: 'not-found' },
  },
  {
    versions: ['7.0.0', '14.4.10'],
    what: 'no such app',
    calls: [service.start, service.stop, service.restart],
    answer: html(404, missingApp),
    outcome: { code: 'not-found' },
  },
  {
    versions: ['14.5.0', newest],
    what: 'no such app',
    calls: [service.start, service.stop, service.restart],
    answer: failed(503, "Cannot read properties of undefined (reading 'volumes')"),
    outcome: { code: 'not-found' },
  },
  {
    versions: ['7.0.0', newest],
    what: 'no container',
    calls: [service.start, service.stop, service.restart],
    answer: html(404, 'Service not found, a container must exist for this endpoint to work'),
    outcome: { code: 'not-found' },
  },
  {
    versions: ['11.14.1', '14.4.10'],
    what: 'an app without a container',
    calls: [single.stop],
    answer: html(400, 'No services on app'),
    outcome: { code: 'not-found' },
  },
  {
    versions: ['11.4.12', newest],
    what: 'no such app',
    calls: [app.state],
    answer: failed(409, `Application ID does not exist: ${appId}`),
    outcome: { code: 'not-found' },
  },
];

/** Whom a Supervisor lets in. */
const keys: EraAnswer[] = [
  {
    versions: ['9.0.0', '9.2.8'],
    what: 'no usable key',
    calls: [device],
    answer: html(
      503,
      'Unexpected error: TypeError: First argument must be a string, Buffer, ArrayBuffer, Array, or array-like object.',
    ),
    outcome: { code: 'unauthorized' },
  },
  {
    versions: ['9.0.0', newest],
    what: 'a failure while it checks the key',
    calls: [device],
    answer: html(503, 'Unexpected error: Error: SQLITE_BUSY: database is locked'),
    outcome: { code: 'supervisor-error' },
  },
  {
    versions: ['9.0.0', newest],
    what: 'a defect while it checks the key',
    calls: [device],
    answer: html(503, "Unexpected error: TypeError: Cannot read property 'get' of undefined"),
    outcome: { code: 'supervisor-error' },
  },
  {
    versions: ['9.2.9', newest],
    what: 'a wrong key',
    calls: [device],
    answer: plain(401, 'Unauthorized'),
    outcome: { code: 'unauthorized' },
  },
  {
    versions: ['1.6.0', '8.7.1'],
    what: 'a key that it cannot check',
    calls: [device],
    answer: html(503, 'Invalid API key in supervisor'),
    outcome: { code: 'supervisor-error', message: /apiKeyIn: 'query'/ },
  },
  {
    versions: ['11.14.4', '14.4.10'],
    what: 'an app of another key',
    calls: [app.restart, single.read],
    answer: failed(401, 'Application is not available'),
    outcome: { code: 'out-of-scope', message: /11\.14\.4 to 12\.2\.0 give access to no app/ },
  },
  {
    versions: ['11.14.4', newest],
    what: 'an app of another key',
    calls: [single.stop],
    answer: html(401, 'Unauthorized'),
    outcome: { code: 'out-of-scope' },
  },
  {
    versions: ['12.2.0', '12.2.2'],
    what: 'several apps',
    calls: [stateStatus],
    answer: failed(405, 'Cannot use /v2/ endpoints with a key that is scoped to multiple applications'),
    outcome: { code: 'unexpected-response', message: /device with several apps/ },
  },
];

/** What fails, and what a Supervisor has not. */
const failures: EraAnswer[] = [
  {
    versions: ['6.5.0', '10.3.7'],
    what: 'bad',
    calls: [healthy],
    answer: plain(500, 'Internal Server Error'),
    outcome: { result: false },
  },
  { versions: ['6.5.0', newest], what: 'good', calls: [healthy], answer: plain(200, 'OK'), outcome: { result: true } },
  {
    versions: ['10.3.8', '10.10.14'],
    what: 'bad: no answer',
    calls: [healthy],
    outcome: { code: 'timeout', message: /10\.3\.8 to 10\.10\.14 do not answer if their checks fail/ },
  },
  {
    versions: ['10.10.15', newest],
    what: 'bad',
    calls: [healthy],
    answer: html(500, 'Unhealthy'),
    outcome: { result: false },
  },
  {
    versions: ['10.10.11', '11.11.4'],
    what: 'a defect, and no app that is missing',
    calls: [single.start, single.stop],
    answer: failed(503, "Cannot read property 'services' of undefined"),
    outcome: { code: 'supervisor-error', message: /app\(\)\.service/ },
  },
  {
    versions: ['17.5.0', newest],
    what: 'two at once',
    calls: [app.restart],
    answer: failed(503, "Cannot read properties of null (reading 'local')"),
    outcome: { code: 'supervisor-error', message: /Check the state/ },
  },
  {
    versions: ['10.3.8', '14.4.10'],
    what: 'a request that names no service',
    calls: [
      {
        call: (c) => c.request({ method: 'POST', path: `/v2/applications/${appId}/restart-service` }),
        asks: service.restart.asks,
      },
    ],
    answer: failed(503, 'This endpoint requires one of imageId or serviceName'),
    outcome: { code: 'bad-request' },
  },
  {
    versions: ['7.0.0', newest],
    what: 'several services',
    calls: [single.stop],
    answer: html(400, 'Some v1 endpoints are only allowed on single-container apps'),
    outcome: { code: 'bad-request', message: /app\(\)\.service/ },
  },
  {
    versions: ['7.0.0', '10.3.7'],
    what: 'JSON that it cannot read',
    calls: [{ call: (c) => c.update(), asks: 'POST /v1/update' }],
    answer: html(400, '<pre>SyntaxError: Unexpected token n in JSON at position 0</pre>'),
    outcome: { code: 'bad-request' },
  },
  {
    versions: ['7.21.0', '10.6.32'],
    what: 'no local mode',
    calls: [{ call: (c) => c.local.targetState(), asks: 'GET /v2/local/target-state' }],
    answer: failed(400, 'Target state can only be retrieved when in local mode'),
    outcome: { code: 'bad-request', message: /Enable local mode/ },
  },
  {
    versions: ['7.0.0', '14.4.10'],
    what: 'no engine',
    calls: [device],
    answer: envelope(500, 'connect ECONNREFUSED'),
    outcome: { code: 'supervisor-error' },
  },
  {
    versions: ['14.5.0', newest],
    what: 'no engine',
    calls: [device],
    answer: failed(503, 'connect ECONNREFUSED'),
    outcome: { code: 'supervisor-error' },
  },
  {
    versions: ['12.11.34', '14.0.8'],
    what: 'no app',
    calls: [hostConfig.change],
    answer: html(503, 'Could not find an appId'),
    outcome: { code: 'supervisor-error', message: /if an app is installed/ },
  },
  {
    versions: ['9.11.0', '10.3.7'],
    what: 'no cloud',
    calls: [tags],
    answer: failed(503, 'Attempt to communicate with API, without initialized client'),
    outcome: { code: 'supervisor-error', message: /cloud/ },
  },
  {
    versions: ['10.3.8', '10.11.1'],
    what: 'no cloud: no answer',
    calls: [tags],
    outcome: { code: 'timeout', message: /10\.3\.8 to 10\.11\.1 do not answer if they cannot reach the cloud/ },
  },
  {
    versions: ['1.8.0', '7.11.3'],
    what: 'no such endpoint',
    calls: [apps],
    answer: noEndpoint(apps.asks),
    outcome: { code: 'not-supported', message: /It needs Supervisor 7\.12\.0 or later/ },
  },
  {
    versions: ['1.8.0', '7.20.0'],
    what: 'no such endpoint',
    calls: [version],
    answer: noEndpoint(version.asks),
    outcome: { code: 'not-supported', message: /It needs Supervisor 7\.21\.0 or later/ },
  },
  {
    versions: ['1.8.0', '9.6.6'],
    what: 'no such endpoint',
    calls: [stateStatus],
    answer: noEndpoint(stateStatus.asks),
    outcome: { code: 'not-supported', message: /It needs Supervisor 9\.7\.0 or later/ },
  },
];

/** Successes in the form of their time. */
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
