import { fork } from 'node:child_process';
import { once } from 'node:events';
import { sourceFlags } from '@serve.zone/baseos-testing/processes/node-flags';
import type { UpdateLockOptions } from '../src/update-lock/index.js';

export type LockCommand = { do: 'acquire'; options: UpdateLockOptions } | { do: 'release' };
/** `acquired`, `released`, or the code and holder of the error. */
export type LockReport = string;

/** A service in its own process, as in a container. */
export interface LockProcess {
  acquire(options: UpdateLockOptions): Promise<LockReport>;
  release(): Promise<LockReport>;
  /** Ends it as a crash does. */
  crash(): Promise<void>;
  /** Ends it in order, with what it holds. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** @param environment the user that it runs as; only root can choose one. @default the user of this process */
export async function startLockProcess({ uid }: { uid?: number } = {}): Promise<LockProcess> {
  const child = fork(new URL('locking-service.ts', import.meta.url), {
    execArgv: ['--no-warnings', ...sourceFlags],
    env: { ...process.env, ...(uid !== undefined && { RUN_AS_UID: String(uid) }) },
  });
  const ended = once(child, 'exit');
  const report = async (): Promise<LockReport> => {
    const [message] = await Promise.race([
      once(child, 'message'),
      ended.then(() => Promise.reject(new Error('The process has ended.'))),
    ]);
    return message as LockReport;
  };
  const tell = async (command: LockCommand): Promise<LockReport> => {
    const answer = report();
    child.send(command);
    return answer;
  };
  const crash = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  await report();
  return {
    acquire: async (options) => tell({ do: 'acquire', options }),
    release: async () => tell({ do: 'release' }),
    crash,
    [Symbol.asyncDispose]: crash,
  };
}
