import type { Device, StateStatus, SupervisorClient } from '@serve.zone/balena-supervisor-client';
import {
  describeSupervisorError,
  type RunnerConfig,
  type SupervisorProblem,
  type SupervisorReads,
} from '@serve.zone/baseos-runner-core';
import { openSupervisor } from './open-supervisor.js';

/** One read of the Supervisor: what it returned, or why it failed. */
export type Read<Value> = { durationMs: number } & (
  | { ok: true; value: Value }
  | { ok: false; error: SupervisorProblem }
);

/** Asks each endpoint of the Supervisor at most once, at the first use, however many views want the answer. */
export interface SupervisorLook {
  address: string;
  /** Asked without the key. */
  ping(): Promise<Read<void>>;
  version(): Promise<Read<string>>;
  device(): Promise<Read<Device>>;
  stateStatus(): Promise<Read<StateStatus>>;
  apps(): Promise<Read<Apps>>;
  /** The same answers for the agent's own observer: a read that failed rejects with the client's error. */
  reads: SupervisorReads;
  close(): void;
}

type Apps = Awaited<ReturnType<SupervisorClient['apps']['list']>>;

/** For each read, as long as the agent waits for it. */
const timeoutMs = 5000;

/** `undefined` where no Supervisor is configured. */
export function lookAtSupervisor(config: RunnerConfig): SupervisorLook | undefined {
  const supervisor = openSupervisor(config);
  if (!supervisor) return undefined;
  const { client, close } = supervisor;
  const device = once(async () => client.device({ timeoutMs }));
  const stateStatus = once(async () => client.stateStatus({ timeoutMs }));
  const version = once(async () => client.version({ timeoutMs }));
  return {
    address: client.address,
    ping: described(once(async () => client.ping({ timeoutMs }))),
    version: described(version),
    device: described(device),
    stateStatus: described(stateStatus),
    apps: described(once(async () => client.apps.list({ timeoutMs }))),
    reads: {
      device: async () => (await device()).value(),
      stateStatus: async () => (await stateStatus()).value(),
      version: async () => (await version()).value(),
    },
    close,
  };
}

interface Settled<Value> {
  durationMs: number;
  /** @throws what the call rejected with */
  value: () => Value;
}

function once<Value>(call: () => Promise<Value>): () => Promise<Settled<Value>> {
  let asked: Promise<Settled<Value>> | undefined;
  return async () => (asked ??= settle(call));
}

async function settle<Value>(call: () => Promise<Value>): Promise<Settled<Value>> {
  const startedMs = performance.now();
  const durationMs = (): number => Math.round(performance.now() - startedMs);
  try {
    const value = await call();
    return { durationMs: durationMs(), value: () => value };
  } catch (error) {
    return {
      durationMs: durationMs(),
      value: () => {
        throw error;
      },
    };
  }
}

function described<Value>(ask: () => Promise<Settled<Value>>): () => Promise<Read<Value>> {
  return async () => {
    const { durationMs, value } = await ask();
    try {
      return { durationMs, ok: true, value: value() };
    } catch (error) {
      return { durationMs, ok: false, error: describeSupervisorError(error) };
    }
  };
}
