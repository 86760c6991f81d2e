import { commandKinds, logLevels, updateModes } from '@serve.zone/baseos-contracts';
import { acceptedKinds, showAcceptedKinds } from './accepted-kinds.js';
import { certificateAuthorities } from './certificate-authorities.js';
import { isLoopback } from './is-loopback.js';
import { listenAddress, showListenAddress } from './listen-address.js';
import {
  directoryPath,
  filePath,
  flag,
  hostList,
  httpAddress,
  httpUrl,
  nodeId,
  oneOf,
  origin,
  proxy,
  wholeNumber,
} from './parse-value.js';
import { hasCloudly, isProxiedBy, needsProxyExceptions, usesTls } from './network-use.js';
import type { CloudlyProxy } from './cloudly-proxy.js';
import { period, showPeriod } from './period.js';
import type { LogFormat, RunnerConfig } from './runner-config.js';
import type { SettingsTable } from './setting.js';

const token = 'visible ASCII characters without spaces, at most 4096';
const proxyAddress =
  'http://host:port or https://host:port, with user:password@ before the host if the proxy requires it';
const logFormats: readonly LogFormat[] = ['pretty', 'json'];
const heartbeatIntervalMs = { min: 1000, max: 3_600_000 };
const startSpreadMs = { min: 0, max: 86_400_000 };

/**
 * Every setting, in the order in which they are explained. The parser, help, the documentation, `status` and `doctor` take
 * what they know of a setting from here. A new one needs a member of `Settings` and a row here.
 */
export const settings = {
  cloudlyUrl: {
    name: 'BASEOS_CLOUDLY_URL',
    area: 'cloudly',
    expected: 'an https:// URL without user name, query or fragment',
    description: 'Where Cloudly is; without it the agent runs and publishes the status of its Supervisor',
    parse: httpUrl,
  },
  joinToken: {
    name: 'BASEOS_JOIN_TOKEN',
    area: 'enrolment',
    expected: token,
    description: 'Admits a new node when it registers for the first time; remove it afterwards',
    secret: true,
    neededBy: 'unenrolled-node',
    needsCloudly: true,
    isUsed: hasCloudly,
  },
  nodeToken: {
    name: 'BASEOS_NODE_TOKEN',
    area: 'enrolment',
    expected: token,
    description: 'A token that was issued to this node earlier, used instead of a registration',
    secret: true,
    neededBy: 'unenrolled-node',
    needsCloudly: true,
    isUsed: hasCloudly,
  },
  nodeId: {
    name: 'BASEOS_NODE_ID',
    area: 'identity',
    expected: 'a letter or digit, then letters, digits, ".", "_" or "-", 128 characters at most',
    description: 'The ID of this node, if you choose it yourself; set it for one device, never for a fleet',
    default: { words: 'a UUID that the node generates once' },
    parse: nodeId,
    neededBy: 'new-node',
  },
  statePath: {
    name: 'BASEOS_STATE_PATH',
    area: 'state',
    expected: 'the absolute path of a file',
    description: 'Where the identity is stored; the directory must be persistent and belong to the agent alone',
    default: { value: '/data/baseos/state.json' },
    parse: filePath,
  },
  heartbeatIntervalMs: {
    name: 'BASEOS_HEARTBEAT_INTERVAL_MS',
    area: 'pace',
    expected: `a whole number of milliseconds from ${heartbeatIntervalMs.min} to ${heartbeatIntervalMs.max}`,
    description: 'The time between heartbeats, unless Cloudly sets it',
    default: { value: 60_000 },
    parse: wholeNumber(heartbeatIntervalMs),
  },
  startSpreadMs: {
    name: 'BASEOS_START_SPREAD_MS',
    area: 'pace',
    expected: `a whole number of milliseconds from ${startSpreadMs.min} to ${startSpreadMs.max}`,
    description:
      'The agent makes its first call to Cloudly at a random time within this period after its start, so that a fleet does not call all at once',
    default: { words: 'the heartbeat interval', from: (earlier) => earlier.heartbeatIntervalMs },
    parse: wholeNumber(startSpreadMs),
    isUsed: hasCloudly,
  },
  wake: {
    name: 'BASEOS_WAKE',
    area: 'pace',
    expected: 'on or off',
    description:
      'Whether Cloudly may wake the node, so that commands arrive within a second: that holds one idle connection open. Set off for metered links',
    default: { value: 'on' },
    parse: oneOf(['on', 'off']),
    isUsed: hasCloudly,
  },
  cloudlyMovedFrom: {
    name: 'BASEOS_CLOUDLY_MOVED_FROM',
    area: 'enrolment',
    expected: 'the previous origin of Cloudly, such as https://cloudly.example',
    description:
      'Carries the node token and the settings over to BASEOS_CLOUDLY_URL if the address of the same Cloudly changed',
    parse: origin,
    neededBy: 'unenrolled-node',
    needsCloudly: true,
    isUsed: hasCloudly,
  },
  allowInsecureHttp: {
    name: 'BASEOS_ALLOW_INSECURE_HTTP',
    area: 'cloudly',
    expected: '1 or 0',
    description: 'Allows plain http to a Cloudly on another machine; everyone on the way can then read the tokens',
    default: { value: false },
    parse: flag,
    isUsed: ({ cloudlyUrl }) => cloudlyUrl?.protocol === 'http:' && !isLoopback(cloudlyUrl),
  },
  certificatesOfFile: {
    name: 'BASEOS_CA_FILE',
    area: 'cloudly',
    expected: 'the absolute path of a file with certificates in PEM, at most 1 MiB',
    description:
      'Certificate authorities to trust for Cloudly, in addition to those of the system; read when the agent starts',
    parse: certificateAuthorities,
    fileMaxBytes: 1024 * 1024,
    show: countCertificates,
    needsCloudly: true,
    isUsed: usesTls,
  },
  certificatesOfValue: {
    name: 'BASEOS_CA_PEM',
    area: 'cloudly',
    expected: 'certificates in PEM; line breaks can be written as \\n',
    description: 'The same as BASEOS_CA_FILE, as a value instead of a file',
    parse: certificateAuthorities,
    whitespace: 'harmless',
    show: countCertificates,
    needsCloudly: true,
    isUsed: usesTls,
  },
  httpsProxy: {
    name: 'HTTPS_PROXY',
    area: 'cloudly',
    expected: proxyAddress,
    description: 'The proxy for an https:// Cloudly; never used for the Supervisor',
    parse: proxy,
    show: showProxy,
    alsoLowerCase: true,
    isUsed: (config) => isProxiedBy('https:', config),
  },
  httpProxy: {
    name: 'HTTP_PROXY',
    area: 'cloudly',
    expected: proxyAddress,
    description: 'The proxy for an http:// Cloudly on another machine',
    parse: proxy,
    show: showProxy,
    alsoLowerCase: true,
    isUsed: (config) => isProxiedBy('http:', config),
  },
  noProxy: {
    name: 'NO_PROXY',
    area: 'cloudly',
    expected: 'host names, addresses and ranges such as 10.0.0.0/8, separated by commas, or *',
    description: 'Hosts to reach without the proxy; a name includes its subdomains',
    parse: hostList,
    whitespace: 'harmless',
    alsoLowerCase: true,
    isUsed: needsProxyExceptions,
  },
  runPath: {
    name: 'BASEOS_RUN_PATH',
    area: 'status',
    expected: 'the absolute path of a directory',
    description: 'Where the agent publishes its live status, for the status command and the health check',
    default: { words: '/run/baseos if it is writable, otherwise /dev/shm/baseos' },
    parse: directoryPath,
  },
  metricsListen: {
    name: 'BASEOS_METRICS_LISTEN',
    area: 'metrics',
    expected: 'a port on loopback, such as 127.0.0.1:9464, or unix: followed by the absolute path of a socket',
    description: "Where Prometheus reads the agent's metrics (path /metrics); nowhere unless set",
    parse: listenAddress,
    show: showListenAddress,
  },
  watchdog: {
    name: 'BASEOS_WATCHDOG',
    area: 'status',
    expected: 'engine or thread',
    description:
      'What ends an agent that hangs: the container engine, if it restarts unhealthy containers as that of balenaOS does, or a thread of the agent, which takes 11 MB',
    default: { words: 'engine on balenaOS, otherwise thread' },
    parse: oneOf(['engine', 'thread']),
  },
  commands: {
    name: 'BASEOS_COMMANDS',
    area: 'commands',
    expected: `all, none, or a list of ${commandKinds.join(', ')} and force, separated by commas`,
    description:
      'What Cloudly may do to the device; force lets a command override update locks. Over http to another machine nothing is accepted unless it is set',
    default: { words: 'every kind except shutdown, without force' },
    parse: acceptedKinds,
    show: showAcceptedKinds,
    whitespace: 'harmless',
    isUsed: hasCloudly,
  },
  commandHook: {
    name: 'BASEOS_COMMAND_HOOK',
    area: 'commands',
    expected: 'the absolute path of an executable file',
    description:
      'A program that is asked before each command, which it gets as JSON on stdin: exit code 0 runs it, 75 postpones it, and any other refuses it',
    parse: filePath,
    needsCloudly: true,
    isUsed: hasCloudly,
  },
  updates: {
    name: 'BASEOS_UPDATES',
    area: 'updates',
    expected: `one of ${updateModes.join(', ')}`,
    description:
      "How the device takes new releases, unless Cloudly sets it: free installs them as they come, gated holds each until Cloudly's command update",
    default: { value: 'free' },
    parse: oneOf(updateModes),
    needsCloudly: true,
    isUsed: hasCloudly,
  },
  gateOpensAfter: {
    name: 'BASEOS_GATE_OPENS_AFTER',
    area: 'updates',
    expected: 'a number of days or hours up to 9999, such as 30d or 12h, or 0 for never',
    description:
      'A gated device whose agent has run for so long without an answer from Cloudly takes releases as they come',
    default: { words: '30d', from: () => ({ durationMs: 30 * 24 * 60 * 60_000, text: '30d' }) },
    parse: period,
    show: showPeriod,
    needsCloudly: true,
    isUsed: hasCloudly,
  },
  logLevel: {
    name: 'BASEOS_LOG_LEVEL',
    area: 'log',
    expected: `one of ${logLevels.join(', ')}`,
    description: 'How much the agent logs, unless Cloudly sets it',
    default: { value: 'info' },
    parse: oneOf(logLevels),
  },
  logFormat: {
    name: 'BASEOS_LOG_FORMAT',
    area: 'log',
    expected: `one of ${logFormats.join(', ')}`,
    description: 'The format of log lines',
    default: { value: 'pretty' },
    parse: oneOf(logFormats),
  },
  supervisorAddress: {
    name: 'BALENA_SUPERVISOR_ADDRESS',
    area: 'supervisor',
    expected: 'an http:// or https:// URL without user name, query or fragment',
    description:
      'Where the Supervisor listens; balenaOS sets it for services with the label io.balena.features.supervisor-api',
    formerName: 'RESIN_SUPERVISOR_ADDRESS',
    parse: httpAddress,
  },
  supervisorApiKey: {
    name: 'BALENA_SUPERVISOR_API_KEY',
    area: 'supervisor',
    expected: token,
    description: "The key for the Supervisor's API; balenaOS sets it together with the address",
    secret: true,
    formerName: 'RESIN_SUPERVISOR_API_KEY',
    isUsed: ({ supervisorAddress, sources }) =>
      supervisorAddress !== undefined || sources['BALENA_SUPERVISOR_ADDRESS'] !== 'unset',
  },
} as const satisfies SettingsTable;

function countCertificates({ length }: readonly string[]): string {
  return `${length} ${length === 1 ? 'certificate' : 'certificates'}`;
}

function showProxy({ url, address }: CloudlyProxy, { cloudlyProxy }: Pick<RunnerConfig, 'cloudlyProxy'>): string {
  return cloudlyProxy?.url.equals(url) ? address : 'not used for Cloudly';
}
