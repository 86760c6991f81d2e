import { parseArgs } from 'citty';
import { expect, test } from 'vitest';
import { readServeFlags, serveFlags, type ServeSettings } from './serve-flags.js';

function read(...argv: string[]): ServeSettings {
  return readServeFlags(parseArgs<typeof serveFlags>(argv, serveFlags), {});
}

test('without flags, serves this machine only, in plain HTTP, and without metrics', () => {
  const { service, history, tls, log } = read();
  expect(service).toEqual({
    host: '127.0.0.1',
    port: 8437,
    publicUrl: undefined,
    apiPort: undefined,
    allowPlainHttp: false,
    trustedProxies: [],
    metrics: undefined,
    heartbeatIntervalMs: undefined,
    heartbeatsPerSecondMax: 200,
    rotateNodeTokenAfterMs: 30 * 86_400_000,
    legacyNodes: false,
    connectionsMax: 10_000,
    wakeWaitMs: 50_000,
    wakeConnectionsMax: 5000,
    alertGroupLabel: 'site',
  });
  expect(history).toEqual({ detailKeptMs: 86_400_000, hoursKeptMs: 90 * 86_400_000 });
  expect(tls).toBeUndefined();
  expect(log).toEqual({ format: 'pretty', level: 'info' });
});

test('a wait of 0s lets no node be woken', () => {
  expect(read('--wake-wait', '0s').service.wakeWaitMs).toBeUndefined();
});

test('every flag sets the option it is named after', () => {
  const given = {
    host: '0.0.0.0',
    port: '443',
    'public-url': 'https://fleet.example/ops/',
    'api-port': '8443',
    'tls-cert': 'cert.pem',
    'tls-key': 'key.pem',
    'trust-proxy': '10.0.0.1, fd00::/8',
    'metrics-port': '9464',
    'metrics-host': '10.0.0.2',
    'heartbeat-interval': '90s',
    'heartbeats-per-second-max': '50',
    'rotate-node-tokens-after': '7d',
    'connections-max': '20',
    'wake-wait': '2m',
    'wake-connections-max': '15',
    'alert-group-label': 'shop',
    'log-format': 'json',
    'log-level': 'debug',
  };
  const words = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  const { service, tls, log, printInvite } = read('--legacy-nodes', '--allow-plain-http', '--print-invite', ...words);
  expect(printInvite).toBe(true);
  expect(service).toEqual({
    host: '0.0.0.0',
    port: 443,
    publicUrl: 'https://fleet.example/ops',
    apiPort: 8443,
    allowPlainHttp: true,
    trustedProxies: ['10.0.0.1', 'fd00::/8'],
    metrics: { port: 9464, host: '10.0.0.2', withProcess: true },
    heartbeatIntervalMs: 90_000,
    heartbeatsPerSecondMax: 50,
    rotateNodeTokenAfterMs: 7 * 86_400_000,
    legacyNodes: true,
    connectionsMax: 20,
    wakeWaitMs: 120_000,
    wakeConnectionsMax: 15,
    alertGroupLabel: 'shop',
  });
  expect(tls).toEqual({ certPath: 'cert.pem', keyPath: 'key.pem' });
  expect(log).toEqual({ format: 'json', level: 'debug' });
});

test('history can be shortened or switched off', () => {
  expect(read('--history-detail', '0s', '--history-hours', '7d').history).toEqual({
    detailKeptMs: 0,
    hoursKeptMs: 7 * 86_400_000,
  });
  expect(() => read('--history-detail', '25h')).toThrow('--history-detail must be a duration from 0s to 24h');
  expect(() => read('--history-hours', '91d')).toThrow('--history-hours must be a duration from 0s to 90d');
});

test('alerts are grouped by a label', () => {
  expect(() => read('--alert-group-label', 'my site')).toThrow('--alert-group-label must be the key of a label');
});
