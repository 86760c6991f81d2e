import { blocked, containerStatus, failed, locked, offered, stage, unmanaged } from './row.js';
import type { Expected, Row } from './row.js';

const unrelayed: Expected = [401, 'text', 'Unauthorized'];
const relayed: Expected = [202, 'none', ''];

const relayRows = (
  [
    ['17.8.5', '18.0.0', unrelayed, relayed],
    ['18.0.0', '18.1.0', relayed, unrelayed],
    ['18.2.2', '19.0.0', unrelayed, relayed],
  ] as const
).map(([last, first, before, since]): Row => ({
  shows: ['relayIsMissing'],
  at: [last, first],
  ask: 'POST /v1/update',
  isAnonymous: true,
  before,
  since,
}));

export const deviceRows: readonly Row[] = [
  ...relayRows,
  {
    shows: ['unhealthyIsStatus', 'unhealthyHangs'],
    at: ['10.3.7', '10.3.8'],
    when: 'the device is not healthy',
    arrange: ({ supervisor }) => supervisor.setHealthy(false),
    ask: 'GET /v1/healthy',
    before: [500, 'text', 'Internal Server Error'],
    since: 'nothing',
  },
  {
    shows: ['unhealthyHangs'],
    at: ['10.10.14', '10.10.15'],
    when: 'the device is not healthy',
    arrange: ({ supervisor }) => supervisor.setHealthy(false),
    ask: 'GET /v1/healthy',
    before: 'nothing',
    since: [500, 'html', 'Unhealthy'],
  },
  {
    shows: ['updateIsAlwaysAccepted'],
    at: ['9.12.7', '9.13.0'],
    when: 'instant updates are off',
    options: { instantUpdates: false },
    ask: 'POST /v1/update',
    before: [204, 'none', ''],
    since: [202, 'text', 'Accepted'],
  },
  {
    shows: ['updateIgnoresForce'],
    at: ['9.12.7', '9.13.0'],
    when: 'the device is unmanaged',
    options: unmanaged,
    ask: 'POST /v1/update',
    before: [204, 'none', ''],
    since: [202, 'text', 'Accepted'],
  },
  {
    shows: ['updateIgnoresForce'],
    at: ['14.4.10', '14.5.0'],
    when: 'instant updates are off',
    options: { instantUpdates: false },
    ask: 'POST /v1/update',
    body: { force: true },
    before: [202, 'text', 'Accepted'],
    since: [204, 'none', ''],
  },
  {
    shows: ['updateCannotCancel'],
    at: ['17.0.5', '17.1.0'],
    when: 'a release is being downloaded',
    arrange: async (device) => {
      await offered(device);
      device.pass(3000);
    },
    ask: 'POST /v1/update',
    body: { cancel: true },
    see: stage,
    before: { seen: 'downloading' },
    since: { seen: 'pull-failed' },
  },
  {
    shows: ['updateEndsBackOff'],
    at: ['9.18.5', '9.18.6'],
    when: 'a lock holds an update up',
    arrange: blocked,
    ask: 'POST /v1/update',
    see: stage,
    before: { seen: 'blocked' },
    since: { seen: 'preparing' },
  },
  {
    shows: ['updateEndsBackOff'],
    at: ['17.4.6', '17.5.0'],
    when: 'a lock holds an update up',
    arrange: blocked,
    ask: 'POST /v1/update',
    see: stage,
    before: { seen: 'preparing' },
    since: { seen: 'blocked' },
  },
  {
    shows: ['shortBackOff'],
    at: ['9.6.6', '9.7.0'],
    when: 'a lock that held an update up for a while is free',
    arrange: async (device) => {
      await blocked(device);
      device.pass(40_000);
      device.supervisor.unlock();
      device.pass(16_200);
    },
    ask: 'GET /v1/device',
    see: stage,
    before: { seen: 'stopping' },
    since: { seen: 'blocked' },
  },
  {
    shows: ['powerStopsContainers'],
    at: ['14.0.0', '14.0.1'],
    ask: 'POST /v1/shutdown',
    see: containerStatus,
    before: { seen: 'exited' },
    since: { seen: 'Running' },
  },
  {
    shows: ['powerLockIsText'],
    at: ['6.1.1', '6.1.2'],
    when: 'a lock is held',
    arrange: locked,
    ask: 'POST /v1/reboot',
    before: [423, 'html', /^Updates are locked: EEXIST/],
    since: [423, 'json', /^\{"Data":"","Error":"Updates are locked: EEXIST/],
  },
  {
    shows: ['macAddressIsUnknown'],
    at: ['11.8.3', '11.8.4'],
    ask: 'GET /v1/device',
    before: [200, 'json', /^(?!.*mac_address)/],
    since: [200, 'json', /"mac_address":"02:/],
  },
  {
    shows: ['deviceTellsVariant'],
    at: ['6.6.11', '7.0.0'],
    when: 'a release is being downloaded',
    arrange: offered,
    ask: 'GET /v1/device',
    before: [200, 'json', /"os_variant":"prod".*"commit":"/],
    since: [200, 'json', /^(?!.*(?:os_variant|commit))/],
  },
  {
    shows: ['tagsFail', 'missingTagsHang'],
    at: ['10.3.7', '10.3.8'],
    when: 'the device is unmanaged',
    options: unmanaged,
    ask: 'GET /v2/device/tags',
    before: [503, 'json', failed('Attempt to communicate with API, without initialized client')],
    since: 'nothing',
  },
  {
    shows: ['missingTagsHang'],
    at: ['10.11.1', '10.11.2'],
    when: 'the cloud refuses',
    arrange: ({ supervisor }) => supervisor.setCloud({ status: 401, body: 'Unauthorized' }),
    ask: 'GET /v2/device/tags',
    before: 'nothing',
    since: [500, 'json', failed('Unauthorized')],
  },
  {
    shows: ['cloudClientIsRequest'],
    at: ['17.7.5', '17.8.0'],
    when: 'the cloud cannot be reached',
    arrange: ({ supervisor }) => supervisor.setCloud('down'),
    ask: 'GET /v2/device/tags',
    before: [500, 'json', failed(/connect ECONNREFUSED .*/)],
    since: [500, 'json', failed('fetch failed')],
  },
  {
    shows: ['successIsMisspelt'],
    at: ['10.0.1', '10.0.2'],
    ask: 'GET /v2/local/device-info',
    before: [200, 'json', { status: 'sucess' }],
    since: [200, 'json', { status: 'success' }],
  },
];
