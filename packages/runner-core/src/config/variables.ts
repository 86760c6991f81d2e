import type { LogLevel } from '@serve.zone/baseos-contracts';
import type { LogFormat } from './runner-config.js';

/** One variable of the environment, as help and documentation show it. */
export interface Variable {
  name: string;
  /** What a value looks like; in a mistake's message it follows "expected:". */
  expected: string;
  /** What it is for, in a sentence without a full stop. */
  description: string;
  /** In words or as it would be written; absent where there is none. */
  default?: string;
  /** Its value is never shown; it may also come from a file, by the variable `<name>_FILE`. */
  secret?: true;
  /** The name it had in the Supervisor's earlier days, read where the new name is unset. */
  formerName?: string;
  /** Also read in lower case, which goes first, as other programs have it. */
  alsoLowerCase?: true;
}

export const defaults = {
  statePath: '/data/baseos/state.json',
  heartbeatIntervalMs: 60_000,
  logLevel: 'info' satisfies LogLevel as LogLevel,
  logFormat: 'pretty' satisfies LogFormat as LogFormat,
} as const;

export const bounds = {
  heartbeatIntervalMs: { min: 1000, max: 3_600_000 },
  startSpreadMs: { min: 0, max: 86_400_000 },
} as const;

const token = 'visible ASCII characters without spaces, at most 4096';

/** Every variable that a person sets or the Supervisor gives, in the order in which they are explained. */
export const variables = [
  {
    name: 'BASEOS_CLOUDLY_URL',
    expected: 'an https:// URL without user name, query or fragment',
    description: 'Where Cloudly is; without it the agent runs and publishes the status of its Supervisor',
  },
  {
    name: 'BASEOS_JOIN_TOKEN',
    expected: token,
    description: 'Admits a new node at its first registration; may be removed afterwards',
    secret: true,
  },
  {
    name: 'BASEOS_NODE_TOKEN',
    expected: token,
    description: 'A token that was issued to this node before, instead of a registration',
    secret: true,
  },
  {
    name: 'BASEOS_NODE_ID',
    expected: 'a letter or digit, then letters, digits, ".", "_" or "-", 128 characters at most',
    description: 'The ID of this node, if it is to be chosen by hand; set it for one device, never for a fleet',
    default: 'a UUID that the node makes once',
  },
  {
    name: 'BASEOS_STATE_PATH',
    expected: 'the absolute path of a file',
    description: 'Where the identity is stored; its directory has to last and belongs to the agent alone',
    default: defaults.statePath,
  },
  {
    name: 'BASEOS_HEARTBEAT_INTERVAL_MS',
    expected: `a whole number of milliseconds from ${bounds.heartbeatIntervalMs.min} to ${bounds.heartbeatIntervalMs.max}`,
    description: 'The time between heartbeats, unless Cloudly sets the pace',
    default: String(defaults.heartbeatIntervalMs),
  },
  {
    name: 'BASEOS_START_SPREAD_MS',
    expected: `a whole number of milliseconds from ${bounds.startSpreadMs.min} to ${bounds.startSpreadMs.max}`,
    description:
      'The first call to Cloudly after a restart falls at random within this time, so that a fleet does not come at once',
    default: 'the heartbeat interval',
  },
  {
    name: 'BASEOS_CLOUDLY_MOVED_FROM',
    expected: 'the origin that Cloudly had before, such as https://cloudly.example',
    description: 'Carries token and settings over to BASEOS_CLOUDLY_URL when the address of the same Cloudly changed',
  },
  {
    name: 'BASEOS_ALLOW_INSECURE_HTTP',
    expected: '1 or 0',
    description: 'Allows plain http to a Cloudly on another machine, where everyone on the way can read the tokens',
    default: '0',
  },
  {
    name: 'BASEOS_CA_FILE',
    expected: 'the absolute path of a file with certificates in PEM, at most 1 MiB',
    description: "Certificate authorities that Cloudly is trusted by beside the system's; read at the start",
  },
  {
    name: 'BASEOS_CA_PEM',
    expected: 'certificates in PEM; line breaks may be written as \\n',
    description: 'The same as a value instead of a file',
  },
  {
    name: 'HTTPS_PROXY',
    expected: 'http://host:port or https://host:port, with user:password@ before the host if the proxy asks for it',
    description: 'The proxy to an https:// Cloudly; never used for the Supervisor',
    alsoLowerCase: true,
  },
  {
    name: 'HTTP_PROXY',
    expected: 'http://host:port or https://host:port, with user:password@ before the host if the proxy asks for it',
    description: 'The proxy to an http:// Cloudly on another machine',
    alsoLowerCase: true,
  },
  {
    name: 'NO_PROXY',
    expected: 'host names, addresses and ranges such as 10.0.0.0/8, with commas between them, or *',
    description: 'What is reached without the proxy; a name stands for what is below it, too',
    alsoLowerCase: true,
  },
  {
    name: 'BASEOS_RUN_PATH',
    expected: 'the absolute path of a directory',
    description: 'Where the live status is published, for the status command and the health check',
    default: '/run/baseos where that can be written, else /dev/shm/baseos',
  },
  {
    name: 'BASEOS_METRICS_LISTEN',
    expected: 'a port of the loopback such as 127.0.0.1:9464, or unix: and the absolute path of a socket',
    description: "Where Prometheus reads the agent's metrics, under /metrics; nowhere unless it is set",
  },
  {
    name: 'BASEOS_LOG_LEVEL',
    expected: 'one of error, warn, info, debug',
    description: 'How much is logged, unless Cloudly sets it',
    default: defaults.logLevel,
  },
  {
    name: 'BASEOS_LOG_FORMAT',
    expected: 'one of pretty, json',
    description: 'How log lines look',
    default: defaults.logFormat,
  },
  {
    name: 'BALENA_SUPERVISOR_ADDRESS',
    expected: 'an http:// or https:// URL without user name, query or fragment',
    description:
      'Where the Supervisor listens; set by balenaOS for services with the label io.balena.features.supervisor-api',
    formerName: 'RESIN_SUPERVISOR_ADDRESS',
  },
  {
    name: 'BALENA_SUPERVISOR_API_KEY',
    expected: token,
    description: "The key to the Supervisor's API; set by balenaOS with the address",
    secret: true,
    formerName: 'RESIN_SUPERVISOR_API_KEY',
  },
] as const satisfies readonly Variable[];

export type VariableName = (typeof variables)[number]['name'];
