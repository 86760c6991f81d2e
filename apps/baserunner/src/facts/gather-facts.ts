import type { FetchLike } from '@serve.zone/baseos-cloudly-connector';
import {
  type DirectoryExamination,
  type Environment,
  examineDirectory,
  gatherNodeFacts,
  type FileSystem,
  type NodeFacts,
  type RunnerConfig,
} from '@serve.zone/baseos-runner-core';
import { allEndpoints, type SupervisorFacts, supervisorFacts } from '../supervisor/supervisor-facts.js';
import type { SupervisorLook } from '../supervisor/supervisor-look.js';
import { type NetworkFacts, probeNetwork } from './probe-network.js';
import { type CommandHookFacts, probeCommandHook } from './probe-command-hook.js';
import { probeUpdateLock, type UpdateLockFacts } from './probe-update-lock.js';
import { isWayKnown } from './way-to-cloudly.js';
import { type Probed, within } from './within.js';

/** What one look at this device, its Supervisor and the way to Cloudly found. */
export interface Facts {
  /** As far as it can be used. */
  config: RunnerConfig;
  nowMs: number;
  durationMs: number;
  /** Absent where no Cloudly is configured, or a mistake hides the way to it. */
  network: NetworkFacts | undefined;
  /** Absent where none is configured. */
  supervisor: SupervisorFacts | undefined;
  updateLock: UpdateLockFacts | undefined;
  /** Absent where none is configured, or the disk did not answer in time. */
  commandHook: CommandHookFacts | undefined;
  /** Absent where the disk did not answer in time. */
  disk: { node: NodeFacts; directory: DirectoryExamination } | undefined;
}

export interface GatherOptions {
  env: Environment;
  /** As far as it can be used. */
  config: RunnerConfig;
  supervisor: SupervisorLook | undefined;
  /** @default the file system of the machine */
  fileSystem?: FileSystem | undefined;
  /** @default the system's */
  lookup?: ((host: string) => Promise<string[]>) | undefined;
  /** @default the agent's own transport, with its proxy and authorities */
  fetch?: FetchLike | undefined;
}

export const diskTimeoutMs = 5000;

/**
 * Looks at everything that the agent depends on, and judges nothing. It changes nothing, here or at Cloudly, sends no
 * secret except the Supervisor's key to the Supervisor, and takes at most 15 s even if something hangs.
 */
export async function gatherFacts({
  env,
  config,
  supervisor: look,
  fileSystem,
  lookup,
  fetch,
}: GatherOptions): Promise<Facts> {
  const startedMs = performance.now();
  const { cloudlyUrl } = config;
  const [network, supervisor, updateLock, commandHook, disk] = await Promise.all([
    isWayKnown(config) && cloudlyUrl ? probeNetwork({ config: { ...config, cloudlyUrl }, lookup, fetch }) : undefined,
    supervisorFacts(look, allEndpoints),
    within(diskTimeoutMs, async () => probeUpdateLock(env)),
    within(diskTimeoutMs, async () => probeCommandHook(config)),
    within(diskTimeoutMs, async () => lookAtDisk(config, fileSystem)),
  ]);
  return {
    config,
    nowMs: Date.now(),
    durationMs: Math.round(performance.now() - startedMs),
    network,
    supervisor,
    updateLock: valueOf(updateLock),
    commandHook: valueOf(commandHook),
    disk: valueOf(disk),
  };
}

function valueOf<Value>(probed: Probed<Value>): Value | undefined {
  return probed.kind === 'done' ? probed.value : undefined;
}

async function lookAtDisk(
  config: RunnerConfig,
  fileSystem: FileSystem | undefined,
): Promise<NonNullable<Facts['disk']>> {
  const [node, directory] = await Promise.all([
    gatherNodeFacts(config, { fileSystem }),
    examineDirectory({ statePath: config.statePath, fileSystem }),
  ]);
  return { node, directory };
}
