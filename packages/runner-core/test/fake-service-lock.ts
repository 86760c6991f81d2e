import { UpdateLockError, type UpdateLockHolder } from '@serve.zone/balena-supervisor-client/update-lock';
import type { TakeServiceLock } from '../src/gate/service-lock.js';

/** The folder of a service in memory: at most one lock lies in it. */
export class FakeServiceLock {
  /** Who has the lock: `ours` of a process that runs, `left` of one that has died, or another holder. */
  holder: 'ours' | 'left' | UpdateLockHolder | undefined;
  /** Why the folder takes no lock. */
  failure: string | undefined;
  taken = 0;

  readonly take: TakeServiceLock = async () => {
    if (this.failure !== undefined) {
      throw new UpdateLockError({ code: 'not-permitted', path: '/tmp/balena/updates.lock', message: this.failure });
    }
    const { holder } = this;
    if (holder !== undefined && holder !== 'left') {
      const other = holder === 'ours' ? 'process' : holder;
      throw new UpdateLockError({ code: 'held', holder: other, path: '/tmp/balena/updates.lock', message: 'held' });
    }
    this.holder = 'ours';
    this.taken += 1;
    const mine = this.taken;
    const isMine = () => this.holder === 'ours' && this.taken === mine;
    return {
      isHeld: async () => isMine(),
      release: async () => {
        if (isMine()) this.holder = undefined;
      },
    };
  };

  /** As kill -9 of the agent leaves it. */
  kill(): void {
    if (this.holder === 'ours') this.holder = 'left';
  }
}
