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
  host: { type: 'string', default: defaults.host, description: 'The address on which the server listens' },
  port: {
    type: 'string',
    default: String(defaults.port),
    description: 'The port on which the server listens; 0 means any free port',
  },
  ...databaseFlags,
  'tls-cert': { type: 'string', valueHint: 'file', description: 'The certificate and its chain (PEM), for TLS' },
  'tls-key': { type: 'string', valueHint: 'file', description: 'Its private key (PEM); SIGHUP reloads both files' },
  'trust-proxy': {
    type: 'string',
    valueHint: 'addresses',
    description: 'Trusted proxies, whose X-Forwarded-For is used: addresses or networks, separated by commas',
  },
  'metrics-port': {
    type: 'string',
    description: 'The port for Prometheus (/metrics); without it there are no metrics',
  },
  'metrics-host': { type: 'string', description: `The address of that port (default: ${defaults.host})` },
  'log-format': { type: 'string', default: 'pretty', description: 'The format of the log: pretty or json' },
  'log-level': {
    type: 'string',
    default: 'info',
    description: 'What is logged: error, warn, info or debug (with every heartbeat)',
  },
  'heartbeat-interval': {
    type: 'string',
    valueHint: 'duration',
    description: 'The heartbeat interval of every node, 5s to 1h; without it each node uses its own',
  },
  'heartbeats-per-second-max': {
    type: 'string',
    default: String(defaults.heartbeatsPerSecondMax),
    description: 'The highest rate of heartbeats; the interval grows with the fleet to keep it',
  },
  'rotate-node-tokens-after': {
    type: 'string',
    default: '30d',
    valueHint: 'duration',
    description: 'The age at which a node token is renewed',
  },
  'history-detail': {
    type: 'string',
    default: '24h',
    valueHint: 'duration',
    description: 'How long the history is kept in steps of five minutes, up to 24h; 0s for no such history',
  },
  'history-hours': {
    type: 'string',
    default: '90d',
    valueHint: 'duration',
    description: 'How long the history is kept in hours, up to 90d; 0s for no such history',
  },
  'legacy-nodes': { type: 'boolean', description: 'Also serve nodes from before protocol 1' },
  'connections-max': {
    type: 'string',
    default: String(defaults.connectionsMax),
    description: 'The highest number of connections; one address may have a tenth of them',
  },
} as const;

/** The options of `serve` on a command line. */
export interface ServeSettings {
  location: DatabaseLocation;
  history: Required<HistoryOptions>;
  service: Omit<ServeFleetOptions, 'tls'> & { host: string; port: number; trustedProxies: readonly string[] };
  tls: TlsFiles | undefined;
  log: Pick<LogOptions, 'format' | 'level'>;
}

type ServeArguments = ParsedArgs<typeof serveFlags>;

/** @throws UsageError for a value that cannot be intended, or one that needs another. */
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
  if (host !== undefined) throw new UsageError('--metrics-host needs --metrics-port: without it there are no metrics.');
  return undefined;
}

function readTlsFiles(args: ServeArguments): TlsFiles | undefined {
  const { 'tls-cert': certPath, 'tls-key': keyPath } = args;
  if (certPath !== undefined && keyPath !== undefined) return { certPath, keyPath };
  if (certPath === undefined && keyPath === undefined) return undefined;
  throw new UsageError('--tls-cert and --tls-key belong together. Give both or neither.');
}
