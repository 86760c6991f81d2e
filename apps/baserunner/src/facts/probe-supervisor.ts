import type { SupervisorClient } from '@serve.zone/balena-supervisor-client';
import type { RunnerConfig } from '@serve.zone/baseos-runner-core';
import { type DescribedError, describeSupervisorError } from '../supervisor/describe-supervisor-error.js';
import { openSupervisor } from '../supervisor/open-supervisor.js';

/** A read of the Supervisor: what it gave, or why it gave nothing. */
export type Read<Value> = { ok: true; value: Value } | { ok: false; error: DescribedError };

type Apps = Awaited<ReturnType<SupervisorClient['apps']['list']>>;

export interface SupervisorFacts {
  address: string;
  /** Without a key. */
  ping: Read<void>;
  version: Read<string>;
  /** With the key: what every heartbeat reads. */
  device: Read<unknown>;
  stateStatus: Read<unknown>;
  apps: Read<Apps>;
}

/** For each read; they are made side by side. */
const timeoutMs = 5000;

/** Reads what the agent reads, and the apps. Nothing comes back where no Supervisor is configured. */
export async function probeSupervisor(config: RunnerConfig): Promise<SupervisorFacts | undefined> {
  const supervisor = openSupervisor(config);
  if (!supervisor.configured) return undefined;
  const { client, close } = supervisor;
  try {
    const [ping, version, device, stateStatus, apps] = await Promise.all([
      read(client.ping({ timeoutMs })),
      read(client.version({ timeoutMs })),
      read<unknown>(client.device({ timeoutMs })),
      read<unknown>(client.stateStatus({ timeoutMs })),
      read(client.apps.list({ timeoutMs })),
    ]);
    return { address: client.address, ping, version, device, stateStatus, apps };
  } finally {
    close();
  }
}

async function read<Value>(call: Promise<Value>): Promise<Read<Value>> {
  try {
    return { ok: true, value: await call };
  } catch (error) {
    return { ok: false, error: describeSupervisorError(error) };
  }
}
