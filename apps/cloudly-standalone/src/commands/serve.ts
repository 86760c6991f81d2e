import { createFleet, fleetFor } from '@serve.zone/baseos-cloudly-handlers';
import { type CommandDef, defineCommand } from 'citty';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { describeDatabaseError } from '../database/describe-database-error.js';
import { readTlsCredentials, type TlsCredentials, type TlsFiles } from '../tls/tls-credentials.js';
import { isLoopback } from '../address/host-reach.js';
import { createLog, type Log } from '../log/create-log.js';
import { logFleet } from '../log/log-fleet.js';
import { logService } from '../log/log-service.js';
import { readNames } from '../nodes/read-names.js';
import { describeStartError } from '../serve/describe-start-error.js';
import { inviteFirst } from '../serve/invite-first.js';
import { introduce } from '../serve/introduce.js';
import { nodeVariableWarnings } from '../serve/node-variables.js';
import { describeCredentials, renewCredentials } from '../serve/renew-credentials.js';
import { readServeFlags, serveFlags, type ServeSettings } from '../serve/serve-flags.js';
import { type StandaloneCloudly, startStandaloneCloudly } from '../service/start-standalone-cloudly.js';
import { within } from '../time/within.js';

export function serveCommand(context: CommandContext): CommandDef<typeof serveFlags> {
  return defineCommand({
    meta: { name: 'serve', description: 'Run the server until SIGTERM or SIGINT' },
    args: serveFlags,
    run: async ({ args }) => {
      const ending = context.trapSignals();
      const settings = readServeFlags(args, context.env);
      const log = createLog({ stream: context.stderr, ...settings.log });
      context.onWarning(({ message }) => log({ level: 'warn', event: 'runtime-warning', message }));
      for (const message of nodeVariableWarnings(context.env)) log({ level: 'warn', event: 'node-variable', message });
      const starting = start(log, settings);
      const started = await Promise.race([starting, aborted(ending)]);
      if (started === undefined) {
        log({ level: 'info', event: 'stopping', message: 'Stopping before the server has started' });
        await within(UNFINISHED_START_MS, closeOnceStarted(starting), undefined);
      } else {
        const { store, close } = started.cloudly;
        const fleetLog = logFleet({
          log,
          store,
          nameNodes: (nodeIds) => readNames(fleetFor(createFleet({ store }), system), nodeIds),
        });
        try {
          reportStart(context, log, started, settings);
          await inviteFirst(context, log, started.cloudly, settings);
          await aborted(ending);
          log({ level: 'info', event: 'stopping', message: 'Stopping after the requests in flight are answered' });
        } finally {
          await within(UNFINISHED_START_MS, fleetLog.end(), undefined);
          await close();
        }
      }
      log({ level: 'info', event: 'stopped', message: 'Stopped' });
    },
  });
}

const system = { actor: 'system', role: 'view' } as const;

/** How long an abandoned start may take to end, so that it closes what it opened. */
const UNFINISHED_START_MS = 1000;

async function closeOnceStarted(starting: Promise<Started>): Promise<void> {
  const started = await starting.catch(() => undefined);
  await started?.cloudly.close();
}

function reportStart(context: CommandContext, log: Log, { tls, cloudly }: Started, settings: ServeSettings): void {
  introduce(context, log, cloudly, settings);
  if (cloudly.backupTakenAtMs !== undefined) warnOfBackup(log, cloudly.backupTakenAtMs);
  if (tls) keepCertificate(context, log, tls, cloudly);
  else warnOfPlainHttp(log, settings);
  if (settings.service.allowPlainHttp) warnOfPlainPasswords(log);
}

interface Started {
  tls: Tls | undefined;
  cloudly: StandaloneCloudly;
}

interface Tls {
  files: TlsFiles;
  credentials: TlsCredentials;
}

async function start(log: Log, settings: ServeSettings): Promise<Started> {
  const { location, service, history, tls: files } = settings;
  const told = logService(log);
  try {
    const tls = files && { files, credentials: readTlsCredentials(files) };
    const cloudly = await startStandaloneCloudly({
      ...service,
      history,
      tls: tls?.credentials,
      ...(location.kind === 'sqlite' ? { databasePath: location.path } : { databaseUrl: location.url }),
      ...told,
      onError: (error) => told.onError(describeDatabaseError(error, location) ?? error),
    });
    return { tls, cloudly };
  } catch (error) {
    throw new OperationError(`Cloudly cannot start: ${describeStartError(error, settings)}`);
  }
}

function keepCertificate(context: CommandContext, log: Log, tls: Tls, cloudly: StandaloneCloudly): void {
  log(describeCredentials(tls.credentials, 'certificate', Date.now()));
  let { credentials } = tls;
  context.onHangup(() => {
    const renewal = renewCredentials(tls.files, credentials, cloudly.replaceCredentials);
    credentials = renewal.credentials;
    log(renewal.entry);
  });
}

function warnOfBackup(log: Log, backupTakenAtMs: number): void {
  const takenAt = new Date(backupTakenAtMs).toISOString();
  const message =
    `This data is a restored backup of ${takenAt}. Nodes revoked since then are active again, and its join tokens admit ` +
    'no nodes. Run `recover`, which lists what else to check.';
  log({ level: 'warn', event: 'backup-restored', message, fields: { takenAt } });
}

function warnOfPlainPasswords(log: Log): void {
  const message =
    'Passwords of operators are accepted on plain HTTP (--allow-plain-http): whoever is on the network can read them, and take over ' +
    'sessions.';
  log({ level: 'warn', event: 'plain-passwords', message });
}

function warnOfPlainHttp(log: Log, { service: { host, trustedProxies } }: ServeSettings): void {
  if (isLoopback(host) || trustedProxies.length > 0) return;
  const message =
    `The server listens on ${host} without TLS: anybody on the network can read tokens. Give it a certificate with --tls-cert, put a ` +
    'TLS proxy in front of it and name the proxy with --trust-proxy, or use a network that you trust.';
  log({ level: 'warn', event: 'no-tls', message });
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
