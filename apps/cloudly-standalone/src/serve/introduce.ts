import { escapeControls } from '@serve.zone/baseos-command-line';
import type { CommandContext } from '../command/command-context.js';
import { type DatabaseLocation, describeLocation } from '../database/database-location.js';
import type { FleetService } from '../service/serve-fleet.js';
import { isEveryAddress, isLinkLocal } from '../address/host-reach.js';
import type { Log } from '../log/create-log.js';
import type { ServeSettings } from './serve-flags.js';

/** Says where a server is and what to do next: to a person at a glance, to a program as one entry of the log. */
export function introduce(context: CommandContext, log: Log, service: FleetService, settings: ServeSettings): void {
  const { url, metricsUrl } = service;
  const apiUrl = service.apiUrl === url ? undefined : service.apiUrl;
  const database = describeLocation(settings.location);
  if (settings.log.format === 'json') {
    const message = `Cloudly listens ${describeAddress(url)}`;
    log({ level: 'info', event: 'listening', message, fields: { url, apiUrl, metricsUrl, database } });
    return;
  }
  context.stderr.write(
    [
      `Cloudly listens ${describeAddress(url)}`,
      `Its data is in     ${escapeControls(database)}`,
      ...(apiUrl === undefined ? [] : [`Operators use it   ${describeAddress(apiUrl)}`]),
      ...(metricsUrl === undefined ? [] : [`Its metrics are at ${metricsUrl}`]),
      `To add a device:   ${context.program} join-token create ${flagsBeside(settings.location)}`,
      '',
    ].join('\n'),
  );
}

/** The flags of a command on the same fleet; for PostgreSQL without the URL, which may contain a password. */
function flagsBeside(location: DatabaseLocation): string {
  return location.kind === 'sqlite'
    ? `--data ${shellWord(location.path)}`
    : '--database <the same> --url <its address>';
}

/** An address that means all addresses cannot be called. */
function describeAddress(url: string): string {
  const { hostname, port } = new URL(url);
  if (isEveryAddress(hostname)) return `on every address of this machine, port ${port}`;
  return isLinkLocal(hostname) ? `at ${url}, a link-local address: callers must add a zone` : `at ${url}`;
}

function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
