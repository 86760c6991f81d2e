import type { HistoryOptions } from '@serve.zone/baseos-cloudly-handlers';
import { logFormats, readWholeNumber, UsageError } from '@serve.zone/baseos-command-line';
import type { ParsedArgs } from 'citty';
import { type DatabaseLocation, databaseFlags, databaseLocation } from '../database/database-location.js';
import type { ServeFleetOptions } from '../service/serve-fleet.js';
import type { TlsFiles } from '../tls/tls-credentials.js';
import { type LogOptions, logLevels } from '../log/create-log.js';
import { readDurationMs, readHost, readOneOf, readProxies } from '../flags/read-flag.js';

const defaults = { host: '127.0.0.1', port: 8437, connectionsMax: 10_000, heartbeatsPerSecondMax: 200 };

export const serveFlags = {
  host: { type: 'string', default: defaults.host, description: 'The address to listen on' },
  port: { type: 'string', default: String(defaults.port), description: 'The port to listen on; 0 takes any free one' },
  ...databaseFlags,
  'tls-cert': { type: 'string', valueHint: 'file', description: 'The certificate and its chain (PEM), for TLS' },
  'tls-key': { type: 'string', valueHint: 'file', description: 'Its private key (PEM); SIGHUP reads both anew' },
  'trust-proxy': {
    type: 'string',
    valueHint: 'addresses',
    description: 'Proxies whose X-Forwarded-For is believed: addresses or networks, with commas between them',
  },
  'metrics-port': { type: 'string', description: 'Where Prometheus reads /metrics; without it, nowhere' },
  'metrics-host': { type: 'string', description: `The address of that port (${defaults.host})` },
  'log-format': { type: 'string', default: 'pretty', description: 'How log lines look: pretty or json' },
  'log-level': {
    type: 'string',
    default: 'info',
    description: 'What is logged: error, warn, info or debug, which has every heartbeat',
  },
  'heartbeat-interval': {
    type: 'string',
    valueHint: 'duration',
    description: 'The pace given to every node, 5s to 1h; without it each node keeps its own',
  },
  'heartbeats-per-second-max': {
    type: 'string',
    default: String(defaults.heartbeatsPerSecondMax),
    description: 'The rate the fleet stays under: the interval grows with it',
  },
  'rotate-node-tokens-after': {
    type: 'string',
    default: '30d',
    valueHint: 'duration',
    description: 'The age at which a node token is replaced',
  },
  'history-detail': {
    type: 'string',
    default: '24h',
    valueHint: 'duration',
    description: 'How long the history of each node is kept in slots of five minutes, up to 24h; 0s for not at all',
  },
  'history-hours': {
    type: 'string',
    default: '90d',
    valueHint: 'duration',
    description: 'How long it is kept in hours, up to 90d; 0s for not at all',
  },
  'legacy-nodes': { type: 'boolean', description: 'Also serve nodes from before protocol 1' },
  'connections-max': {
    type: 'string',
    default: String(defaults.connectionsMax),
    description: 'How many connections there may be at a time; one address may have a tenth of them',
  },
} as const;

/** What a command line asks of `serve`. */
export interface ServeSettings {
  location: DatabaseLocation;
  history: Required<HistoryOptions>;
  service: Omit<ServeFleetOptions, 'tls'> & { host: string; port: number; trustedProxies: readonly string[] };
  tls: TlsFiles | undefined;
  log: Pick<LogOptions, 'format' | 'level'>;
}

type ServeArguments = ParsedArgs<typeof serveFlags>;

/** @throws UsageError for a value that cannot be meant, or one that needs another. */
export function readServeFlags(args: ServeArguments, env: Readonly<Record<string, string | undefined>>): ServeSettings {
  const interval = args['heartbeat-interval'];
  const proxies = args['trust-proxy'];
  return {
    location: databaseLocation(args, env),
    history: {
      detailKeptMs: readDurationMs('--history-detail', args['history-detail'], { min: '0s', max: '24h' }),
      hoursKeptMs: readDurationMs('--history-hours', args['history-hours'], { min: '0s', max: '90d' }),
    },
    service: {
      host: readHost('--host', args.host),
      port: readPort('--port', args.port),
      trustedProxies: proxies === undefined ? [] : readProxies('--trust-proxy', proxies),
      metrics: readMetrics(args),
      heartbeatIntervalMs:
        interval === undefined ? undefined : readDurationMs('--heartbeat-interval', interval, { min: '5s', max: '1h' }),
      heartbeatsPerSecondMax: readWholeNumber('--heartbeats-per-second-max', args['heartbeats-per-second-max'], {
        min: 1,
        max: 1_000_000,
      }),
      rotateNodeTokenAfterMs: readDurationMs('--rotate-node-tokens-after', args['rotate-node-tokens-after'], {
        min: '1m',
        max: '3650d',
      }),
      legacyNodes: args['legacy-nodes'],
      connectionsMax: readWholeNumber('--connections-max', args['connections-max'], { min: 1, max: 1_000_000 }),
    },
    tls: readTlsFiles(args),
    log: {
      format: readOneOf('--log-format', args['log-format'], logFormats),
      level: readOneOf('--log-level', args['log-level'], logLevels),
    },
  };
}

function readPort(flag: string, text: string): number {
  return readWholeNumber(flag, text, { min: 0, max: 65_535 });
}

function readMetrics(args: ServeArguments): ServeFleetOptions['metrics'] {
  const { 'metrics-port': port, 'metrics-host': host } = args;
  if (port !== undefined)
    return {
      port: readPort('--metrics-port', port),
      host: readHost('--metrics-host', host ?? defaults.host),
      withProcess: true,
    };
  if (host !== undefined)
    throw new UsageError('--metrics-host needs --metrics-port, without which there are no metrics.');
  return undefined;
}

function readTlsFiles(args: ServeArguments): TlsFiles | undefined {
  const { 'tls-cert': certPath, 'tls-key': keyPath } = args;
  if (certPath !== undefined && keyPath !== undefined) return { certPath, keyPath };
  if (certPath === undefined && keyPath === undefined) return undefined;
  throw new UsageError('--tls-cert and --tls-key belong together. Give both, or none.');
}
