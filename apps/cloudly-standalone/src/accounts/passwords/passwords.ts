import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { createQueue } from './queue.js';
import {
  formatPasswordHash,
  isSameCost,
  parsePasswordHash,
  passwordCost,
  type PasswordHash,
  type ScryptCost,
} from './password-hash.js';

/** Hashes passwords, two at a time: each takes memory, and the threads that also serve files. */
export interface Passwords {
  /** What is stored of a password. */
  hash(this: void, password: string): Promise<string>;
  /**
   * Whether it is the password of which this is stored. Without one, for a name that nobody has, it takes the same work and is
   * not.
   */
  isRight(this: void, password: string, stored: string | undefined): Promise<boolean>;
  /** Whether what is stored was made otherwise than it would be today. */
  isOutdated(this: void, stored: string): boolean;
}

export interface PasswordsOptions {
  /** @default passwordCost */
  cost?: ScryptCost | undefined;
  /** @default scrypt of Node */
  derive?: Derive | undefined;
}

export type Derive = (password: string, salt: Buffer, cost: ScryptCost) => Promise<Buffer>;

const AT_ONCE = 2;
const WAITING_MAX = 50;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

export function createPasswords({ cost = passwordCost, derive = deriveByScrypt }: PasswordsOptions = {}): Passwords {
  const run = createQueue(AT_ONCE, WAITING_MAX);
  const nobody: PasswordHash = { ...cost, salt: randomBytes(SALT_BYTES), hash: Buffer.alloc(HASH_BYTES) };

  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      const hash = await run(() => derive(normalized(password), salt, cost));
      return formatPasswordHash({ ...cost, salt, hash });
    },
    async isRight(password, stored) {
      const expected = stored === undefined ? nobody : parsePasswordHash(stored);
      const hash = await run(() => derive(normalized(password), expected.salt, expected));
      return timingSafeEqual(hash, expected.hash) && stored !== undefined;
    },
    isOutdated: (stored) => !isSameCost(parsePasswordHash(stored), cost),
  };
}

/** The same characters, whatever keyboard composed them. */
function normalized(password: string): string {
  return password.normalize('NFKC');
}

function deriveByScrypt(password: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
  const { costLog2, blockSize: r, parallelization: p } = cost;
  const N = 2 ** costLog2;
  const maxmem = 2 * 128 * r * (N + p);
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, { N, r, p, maxmem }, (error, hash) => (error ? reject(error) : resolve(hash)));
  });
}
