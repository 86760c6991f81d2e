import { labelKeyMistake } from '@serve.zone/baseos-cloudly-handlers';
import { logFormats, readWholeNumber, UsageError } from '@serve.zone/baseos-command-line';
import { type DurationBounds, readDurationMs, readHost, readOneOf, readProxies } from '../flags/read-flag.js';
import { readPublicUrl } from '../accounts/doors/public-address.js';
import { logLevels } from '../log/create-log.js';
import type { SettingsTable } from '../settings/setting.js';
import { webhookSettings } from '../webhook-sending/webhook-settings.js';

/** This machine only. */
export const defaultHost = '127.0.0.1';

/** Of `serve`, beside where its fleet is. Help, the documentation and the parser take what they know of a setting from here. */
export const serveSettings = {
  host: {
    name: '--host',
    description: 'The address on which the server listens',
    default: { text: defaultHost },
    parse: readHost,
  },
  port: {
    name: '--port',
    description: 'The port on which the server listens; 0 means any free port',
    default: { text: '8437' },
    parse: wholeNumber({ min: 0, max: 65_535 }),
  },
  tlsCertificatePath: {
    name: '--tls-cert',
    valueHint: 'file',
    offers: 'files',
    description: 'The certificate and its chain (PEM), for TLS; without it the server speaks plain HTTP',
    parse: asItIs,
  },
  tlsKeyPath: {
    name: '--tls-key',
    valueHint: 'file',
    offers: 'files',
    description: 'Its private key (PEM); SIGHUP reloads both files',
    parse: asItIs,
  },
  publicUrl: {
    name: '--public-url',
    valueHint: 'url',
    description: 'The URL at which operators reach the server; without it they must be on this machine',
    parse: (name, text) => readPublicUrl(name, text).url,
  },
  apiPort: {
    name: '--api-port',
    description: "The port of the operators' API; 0 means any free port",
    default: { words: 'the same as --port' },
    parse: wholeNumber({ min: 0, max: 65_535 }),
  },
  allowPlainHttp: {
    name: '--allow-plain-http',
    description: 'Accept passwords of operators on plain HTTP, too, on a network that you trust',
  },
  printInvite: {
    name: '--print-invite',
    description: 'Print the link for the first operator, also where there is no terminal',
  },
  trustedProxies: {
    name: '--trust-proxy',
    valueHint: 'addresses',
    description: 'Trusted proxies, whose X-Forwarded-For is used: addresses or networks, separated by commas',
    parse: readProxies,
  },
  ...webhookSettings,
  metricsPort: {
    name: '--metrics-port',
    description: 'The port for Prometheus (/metrics); without it there are no metrics',
    parse: wholeNumber({ min: 0, max: 65_535 }),
  },
  metricsHost: {
    name: '--metrics-host',
    description: 'The address of that port',
    default: { words: defaultHost },
    parse: readHost,
  },
  logFormat: {
    name: '--log-format',
    description: 'The format of the log: pretty or json',
    default: { text: 'pretty' },
    offers: logFormats,
    parse: oneOf(logFormats),
  },
  logLevel: {
    name: '--log-level',
    description: 'What is logged: error, warn, info or debug (with every heartbeat)',
    default: { text: 'info' },
    offers: logLevels,
    parse: oneOf(logLevels),
  },
  heartbeatIntervalMs: {
    name: '--heartbeat-interval',
    valueHint: 'duration',
    description: 'The heartbeat interval of every node, 5s to 1h; without it each node uses its own',
    parse: duration({ min: '5s', max: '1h' }),
  },
  heartbeatsPerSecondMax: {
    name: '--heartbeats-per-second-max',
    description: 'The highest rate of heartbeats; the interval grows with the fleet to keep it',
    default: { text: '200' },
    parse: wholeNumber({ min: 1, max: 1_000_000 }),
  },
  rotateNodeTokenAfterMs: {
    name: '--rotate-node-tokens-after',
    valueHint: 'duration',
    description: 'The age at which a node token is renewed',
    default: { text: '30d' },
    parse: duration({ min: '1m', max: '3650d' }),
  },
  detailKeptMs: {
    name: '--history-detail',
    valueHint: 'duration',
    description: 'How long the history is kept in steps of five minutes, up to 24h; 0s for no such history',
    default: { text: '24h' },
    parse: duration({ min: '0s', max: '24h' }),
  },
  hoursKeptMs: {
    name: '--history-hours',
    valueHint: 'duration',
    description: 'How long the history is kept in hours, up to 90d; 0s for no such history',
    default: { text: '90d' },
    parse: duration({ min: '0s', max: '90d' }),
  },
  wakeWaitMs: {
    name: '--wake-wait',
    valueHint: 'duration',
    description: 'How long a node may wait to be woken, 10s to 4m, less than a proxy in front allows; 0s for no waking',
    default: { text: '50s' },
    parse: wakeWait,
  },
  wakeConnectionsMax: {
    name: '--wake-connections-max',
    description: 'How many nodes may wait to be woken, each on a connection of its own',
    default: { words: 'half of --connections-max' },
    parse: wholeNumber({ min: 1, max: 1_000_000 }),
  },
  alertGroupLabel: {
    name: '--alert-group-label',
    valueHint: 'key',
    description: 'Nodes with the same value of this label that go offline together have one alert',
    default: { text: 'site' },
    parse: labelKey,
  },
  legacyNodes: {
    name: '--legacy-nodes',
    description: 'Also serve nodes from before protocol 1; leave it on until the last of them has been updated',
  },
  connectionsMax: {
    name: '--connections-max',
    description: 'The highest number of connections; one address may have a tenth of them',
    default: { text: '10000' },
    parse: wholeNumber({ min: 1, max: 1_000_000 }),
  },
} as const satisfies SettingsTable;

function asItIs(_name: string, text: string): string {
  return text;
}

function labelKey(name: string, text: string): string {
  const mistake = labelKeyMistake(text);
  if (mistake === undefined) return text;
  throw new UsageError(`${name} must be the key of a label, but is "${text}". ${mistake}.`);
}

function wholeNumber(bounds: { min: number; max: number }): (name: string, text: string) => number {
  return (name, text) => readWholeNumber(name, text, bounds);
}

function duration(bounds: DurationBounds): (name: string, text: string) => number {
  return (name, text) => readDurationMs(name, text, bounds);
}

function wakeWait(name: string, text: string): number | undefined {
  const isOff = readDurationMs(name, text, { min: '0s', max: '4m' }) === 0;
  return isOff ? undefined : readDurationMs(name, text, { min: '10s', max: '4m' });
}

function oneOf<Word extends string>(words: readonly Word[]): (name: string, text: string) => Word {
  return (name, text) => readOneOf(name, text, words);
}
