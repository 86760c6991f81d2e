import type { Enrolment, Identity } from '../src/identity/identity.js';
import type { IdentityNotice, IdentitySource, IdentityStore } from '../src/identity/identity-store.js';
import { Secret } from '../src/values/secret.js';

export const nodeId = '0f4d7a4e-6f0a-4f43-9d8e-0b6a8f3c2d11';

export function identity(enrolment?: Partial<Enrolment>): Identity {
  return {
    nodeId,
    nodeSecret: new Secret(Buffer.alloc(32, 7).toString('base64url')),
    enrolment: enrolment && {
      origin: 'https://cloudly.example',
      cloudlyId: 'cloudly-1',
      legacy: false,
      ...enrolment,
    },
  };
}

/** The identity as a test keeps it: every write is counted, and a test may make writes fail. */
export class MemoryIdentityStore implements IdentityStore {
  current: Identity;
  source: IdentitySource;
  durable = true;
  readonly notices: IdentityNotice[] = [];
  /** Why writes fail, while they do. */
  failure: string | undefined;
  writes = 0;
  isClosed = false;

  constructor(initial: Identity = identity(), source: IdentitySource = 'generated') {
    this.current = initial;
    this.source = source;
  }

  readonly update: IdentityStore['update'] = async (change) => {
    if (this.failure !== undefined)
      return { ok: false, problem: { code: 'disk-full', message: this.failure, remedy: 'Free some space.' } };
    this.writes += 1;
    this.current = change(this.current);
    this.durable = true;
    return { ok: true };
  };

  readonly makeDurable: IdentityStore['makeDurable'] = async () => this.update((current) => current);

  readonly close = async (): Promise<void> => {
    this.isClosed = true;
  };
}
