import { lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { UpdateLockError } from '@serve.zone/balena-supervisor-client/update-lock';
import type { HeldLock, TakeServiceLock } from '../src/gate/service-lock.js';

const supervisorUid = 65_534;

/**
 * The update lock of a service as a file in its real folder, taken by agents that a test can kill: without I/O that a virtual
 * clock would not wait for. It follows the rules of the real lock: the Supervisor's file is left alone, and that of a dead
 * agent is taken over.
 */
export function folderLock(path: () => string, agent: { name: string; isDead: () => boolean }): TakeServiceLock {
  const mark = `agent ${agent.name}`;
  return async () => {
    const holder = holderOf(path());
    if (holder === 'supervisor' || holder === 'unknown') {
      throw new UpdateLockError({ code: 'held', holder, path: path(), message: `${path()} is held.` });
    }
    if (agent.isDead()) return new Promise<HeldLock>(() => undefined);
    writeFileSync(path(), mark);
    const isMine = () => holderOf(path()) === mark;
    return {
      isHeld: async () => isMine(),
      release: async () => {
        if (isMine() && !agent.isDead()) rmSync(path());
      },
    };
  };
}

/** Who has the lock: `supervisor`, `unknown`, or the mark of an agent. */
export function holderOf(path: string): string | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (stats.uid === supervisorUid) return 'supervisor';
  const text = readFileSync(path, 'utf8');
  return text.startsWith('agent ') ? text : 'unknown';
}
