import type { CommandedDevice } from './commands/worker/worker-context.js';
import type { CommandWorker } from './commands/worker/command-worker.js';
import type { DeviceObserver } from './device/device-observer.js';
import type { IdentityStore } from './identity/identity-store.js';
import type { Progress } from './loop/progress.js';
import type { ReleaseGate } from './gate/release-gate.js';
import type { ResolvedOptions } from './base-runner-options.js';
import { ownEnvironmentToken } from './identity/environment-token.js';
import { registrationAt } from './identity/registration.js';
import { CloudlyCaller } from './loop/cloudly-caller.js';
import type { DesiredStateKeeper } from './loop/desired-state-keeper.js';
import { HeartbeatLoop, type LoopSnapshot } from './loop/heartbeat-loop.js';
import { openCommands } from './open-commands.js';
import { Waker } from './waking/waker.js';

/** Everything that depends on an opened identity. */
export interface Running {
  store: IdentityStore;
  loop: HeartbeatLoop;
  commands: CommandWorker;
  /** Absent if nothing wakes the node. */
  waker: Waker | undefined;
  /** Ends commands and waker without the agent. */
  ended: AbortController;
}

/** What outlasts an identity, and the agent's side of what depends on it. */
export interface Surroundings {
  options: ResolvedOptions;
  bootId: string;
  observer: DeviceObserver;
  device: CommandedDevice | undefined;
  gate: ReleaseGate;
  desiredState: DesiredStateKeeper;
  heartbeats: { sent: number };
  stopping: AbortSignal;
  abandon: AbortSignal;
  /** A command or the gate has something for the next heartbeat. */
  onNews: () => void;
  onProgress: (progress: Progress, snapshot: LoopSnapshot) => void;
}

/** Opens the record of commands, plans the first call to Cloudly, and lets Cloudly wake the node. */
export async function openRunning(store: IdentityStore, surroundings: Surroundings): Promise<Running> {
  const { options, observer, device, gate, desiredState, stopping, abandon, onNews, onProgress } = surroundings;
  const { config, clock, randomness, logger } = options;
  const ended = new AbortController();
  const commands = await openCommands({
    options,
    store,
    device,
    gate,
    onNews,
    stopping: AbortSignal.any([stopping, ended.signal]),
    abandon: AbortSignal.any([abandon, ended.signal]),
  });
  const loop = new HeartbeatLoop({
    config: { ...config, nodeToken: ownEnvironmentToken(store.current, config) },
    store,
    observer,
    cloudly: await createCaller(store, surroundings),
    desiredState,
    commands,
    clock,
    randomness,
    logger,
    onTurn: () => gate.noteTurn(),
    onHeard: (heard) => waker?.hear(heard),
    onProgress,
  });
  const waker = createWaker(loop, options);
  void waker?.run(AbortSignal.any([stopping, ended.signal]));
  return { store, loop, commands, waker, ended };
}

async function createCaller(
  store: IdentityStore,
  { options, bootId, heartbeats }: Surroundings,
): Promise<CloudlyCaller | undefined> {
  const { config, connector, clock } = options;
  if (!config.cloudlyUrl || !connector) return undefined;
  return new CloudlyCaller({
    connector,
    registration: await registrationAt(store.current, config.cloudlyUrl),
    joinToken: config.joinToken,
    clock,
    bootId,
    heartbeats,
  });
}

function createWaker(
  loop: HeartbeatLoop,
  { config, connector, clock, randomness, logger }: ResolvedOptions,
): Waker | undefined {
  if (config.wake === 'off' || !connector?.wake) return undefined;
  return new Waker({
    connector: { wake: connector.wake.bind(connector) },
    clock,
    randomness,
    logger,
    token: () => loop.token,
    intervalMs: () => loop.snapshot.state.intervalMs,
    onWoken: () => loop.nudge(),
  });
}
