import type { LogLevel, UpdateMode } from '@serve.zone/baseos-contracts';
import type { AcceptedKinds } from './accepted-kinds.js';
import type { ConfigMistake } from './config-mistake.js';
import type { ConfigWarning } from './config-warning.js';
import type { CloudlyProxy } from './cloudly-proxy.js';
import type { ListenAddress } from './listen-address.js';
import type { Period } from './period.js';
import type { Secret } from '../values/secret.js';

export type LogFormat = 'pretty' | 'json';

/** What the Supervisor tells a container about its device, in `BALENA_*` variables. */
export interface DeviceFacts {
  uuid?: string | undefined;
  type?: string | undefined;
  appId?: number | undefined;
  appName?: string | undefined;
  serviceName?: string | undefined;
  /** `BALENA_HOST_OS_VERSION` */
  hostOsVersion?: string | undefined;
  /** The update lock of our own service, as `BALENA_APP_LOCK_PATH` names it. */
  updateLockPath?: string | undefined;
}

/** Where the value of a setting came from. `file` is the `_FILE` form of a secret's variable. */
export type ValueSource = 'environment' | 'file' | 'default' | 'unset';

/** What each variable gives. `settings.ts` has a row for every member. */
export interface Settings {
  /** Without it Cloudly is not configured: the agent runs and publishes its Supervisor's status. */
  cloudlyUrl?: URL | undefined;
  joinToken?: Secret | undefined;
  nodeToken?: Secret | undefined;
  nodeId?: string | undefined;
  statePath: string;
  heartbeatIntervalMs: number;
  /** @default the heartbeat interval */
  startSpreadMs: number;
  /** Whether Cloudly may wake the node, at the price of an idle connection. */
  wake: 'on' | 'off';
  /** The origin that Cloudly had before its address changed. */
  cloudlyMovedFrom?: string | undefined;
  allowInsecureHttp: boolean;
  /** Certificates (PEM) of the file that `BASEOS_CA_FILE` names. */
  certificatesOfFile?: readonly string[] | undefined;
  /** Certificates (PEM) from `BASEOS_CA_PEM`. */
  certificatesOfValue?: readonly string[] | undefined;
  httpsProxy?: CloudlyProxy | undefined;
  httpProxy?: CloudlyProxy | undefined;
  noProxy?: string | undefined;
  /** Set by `BASEOS_RUN_PATH`; otherwise the first writable of the default places is used. */
  runPath?: string | undefined;
  /** Where the agent serves its metrics; absent: nowhere. */
  metricsListen?: ListenAddress | undefined;
  /** What ends an agent that hangs; absent: the default, which depends on the device. */
  watchdog?: 'engine' | 'thread' | undefined;
  /** What Cloudly may do; absent: the default, which depends on the connection. */
  commands?: AcceptedKinds | undefined;
  /** An executable that is asked before each command. */
  commandHook?: string | undefined;
  /** How the device takes releases, unless Cloudly decides. */
  updates: UpdateMode;
  /** Without an answer of Cloudly's for so long, a gated device takes releases as they come. */
  gateOpensAfter: Period;
  logLevel: LogLevel;
  logFormat: LogFormat;
  supervisorAddress?: string | undefined;
  supervisorApiKey?: Secret | undefined;
}

/** The environment, read and judged. Nothing after this reads the environment again. */
export interface RunnerConfig extends Settings {
  /** The proxy that calls to Cloudly take, as `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` have it. */
  cloudlyProxy?: CloudlyProxy | undefined;
  /** Certificate authorities (PEM) that are trusted for Cloudly, in addition to those of the runtime. */
  certificateAuthorities?: readonly string[] | undefined;
  device: DeviceFacts;
  /** By the name of the variable, such as `BASEOS_CLOUDLY_URL`. */
  sources: Readonly<Record<string, ValueSource>>;
  /** For the log: unknown variables, values without effect. */
  warnings: readonly ConfigWarning[];
  /**
   * Mistakes in settings; each of these settings counts as unset. An agent starts only if its node needs none of them.
   * @default none
   */
  mistakes?: readonly ConfigMistake[] | undefined;
}
