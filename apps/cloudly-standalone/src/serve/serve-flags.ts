import type { HistoryOptions } from '@serve.zone/baseos-cloudly-handlers';
import { UsageError } from '@serve.zone/baseos-command-line';
import type { ParsedArgs } from 'citty';
import { type DatabaseLocation, databaseLocation } from '../database/database-location.js';
import { databaseFlags } from '../database/database-settings.js';
import type { LogOptions } from '../log/create-log.js';
import type { ServeFleetOptions } from '../service/serve-fleet.js';
import { flagsOf } from '../settings/flags-of.js';
import { type Given, readSettings } from '../settings/read-settings.js';
import type { TlsFiles } from '../tls/tls-credentials.js';
import type { WebhookOptions } from '../webhook-sending/webhook-services.js';
import { defaultHost, serveSettings } from './serve-settings.js';

export const serveFlags = { ...flagsOf(serveSettings), ...databaseFlags };

/** The options of `serve` on a command line. */
export interface ServeSettings {
  location: DatabaseLocation;
  history: Required<HistoryOptions>;
  service: Omit<ServeFleetOptions, 'tls'> &
    WebhookOptions & { host: string; port: number; trustedProxies: readonly string[] };
  /** Also where there is no terminal. */
  printInvite: boolean;
  tls: TlsFiles | undefined;
  log: Pick<LogOptions, 'format' | 'level'>;
}

/** @throws UsageError for a value that cannot be intended, or one that needs another. */
export function readServeFlags(args: ParsedArgs<typeof serveFlags>, env: Given['env']): ServeSettings {
  const location = databaseLocation(args, env);
  const { detailKeptMs, hoursKeptMs, tlsCertificatePath, tlsKeyPath, metricsPort, metricsHost, ...others } =
    readSettings(serveSettings, { args, env });
  const { logFormat, logLevel, printInvite, trustedProxies = [], ...service } = others;
  // The other half is for heartbeats.
  const { wakeConnectionsMax = Math.ceil(service.connectionsMax / 2) } = service;
  return {
    location,
    history: { detailKeptMs, hoursKeptMs },
    service: { ...service, wakeConnectionsMax, trustedProxies, metrics: metricsOf(metricsPort, metricsHost) },
    printInvite,
    tls: tlsFilesOf(tlsCertificatePath, tlsKeyPath),
    log: { format: logFormat, level: logLevel },
  };
}

function metricsOf(port: number | undefined, host: string | undefined): ServeFleetOptions['metrics'] {
  if (port !== undefined) return { port, host: host ?? defaultHost, withProcess: true };
  if (host !== undefined) throw new UsageError('--metrics-host needs --metrics-port: without it there are no metrics.');
  return undefined;
}

function tlsFilesOf(certPath: string | undefined, keyPath: string | undefined): TlsFiles | undefined {
  if (certPath !== undefined && keyPath !== undefined) return { certPath, keyPath };
  if (certPath === undefined && keyPath === undefined) return undefined;
  throw new UsageError('--tls-cert and --tls-key belong together. Give both or neither.');
}
