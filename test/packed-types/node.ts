// What packages and subpaths for Node give to a program that knows no browser.
import { createServer } from 'node:http';
import { createCloudlyHandlers } from '@serve.zone/baseos-cloudly-handlers';
import { clientAddress, expressMiddleware, nodeListener } from '@serve.zone/baseos-cloudly-handlers/node';
import { openSqliteStore } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import { acquireLock, isUpdateLockError } from '@serve.zone/balena-supervisor-client/update-lock';
import { BaseRunner, type ExitCode, runCli, SupervisorClient } from '@serve.zone/baseos';

export async function serve(): Promise<number> {
  const store = openSqliteStore('fleet.sqlite');
  const handlers = createCloudlyHandlers({ store, cloudlyId: await store.cloudlyId(), clientAddress });
  createServer(nodeListener(handlers.fetch)).listen(8080);
  return expressMiddleware(handlers.fetch).length;
}

export async function hold(): Promise<boolean> {
  try {
    const lock = await acquireLock({ waitMs: 1000 });
    return await lock.isHeld();
  } catch (error) {
    return isUpdateLockError(error) && error.holder === 'supervisor';
  }
}

export function run(parameters: string[]): Promise<ExitCode> {
  return runCli(parameters);
}

export const runner = BaseRunner.fromEnv(process.env);
export const supervisor = SupervisorClient.fromEnv(process.env);
