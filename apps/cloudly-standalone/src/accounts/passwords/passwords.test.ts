import { scryptSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPasswordHash, parsePasswordHash, passwordCost } from './password-hash.js';
import { passwordMistake } from './password-mistake.js';
import { createPasswords, type Derive } from './passwords.js';

const cheap = { costLog2: 1, blockSize: 1, parallelization: 1 };

describe('the hash of a password', () => {
  test('is one of scrypt, with all that is needed to make it again', async () => {
    const { hash, isRight, isOutdated } = createPasswords();
    const stored = await hash('correct horse battery');
    expect(stored).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}\$[\w+/]{43}$/);
    const { salt, hash: bytes } = parsePasswordHash(stored);
    const again = scryptSync('correct horse battery', salt, 32, { N: 2 ** 15, r: 8, p: 3, maxmem: 2 ** 27 });
    expect(again.equals(bytes)).toBe(true);
    expect(await isRight('correct horse battery', stored)).toBe(true);
    expect(await isRight('correct horse batterz', stored)).toBe(false);
    expect(isOutdated(stored)).toBe(false);
    expect(createPasswords({ cost: { ...passwordCost, costLog2: 16 } }).isOutdated(stored)).toBe(true);
  });

  test('is judged by the cost that is stored, so that every version of this program can', async () => {
    const stored = await createPasswords({ cost: cheap }).hash('correct horse battery');
    expect(await createPasswords().isRight('correct horse battery', stored)).toBe(true);
  });

  test('is another one each time, and the same for characters that were composed otherwise', async () => {
    const { hash, isRight } = createPasswords({ cost: cheap });
    expect(await hash('x')).not.toBe(await hash('x'));
    expect(await isRight('Cafe\u0301', await hash('Caf\u00e9'))).toBe(true);
  });

  test('reads back whatever it consists of, and nothing else', () => {
    const bytes = (length: number) =>
      fc.uint8Array({ minLength: length, maxLength: length }).map((array) => Buffer.from(array));
    const hashes = fc.record({
      costLog2: fc.integer({ min: 1, max: 20 }),
      blockSize: fc.integer({ min: 1, max: 32 }),
      parallelization: fc.integer({ min: 1, max: 16 }),
      salt: bytes(16),
      hash: bytes(32),
    });
    fc.assert(
      fc.property(hashes, (made) => {
        expect(parsePasswordHash(formatPasswordHash(made))).toEqual(made);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => parsePasswordHash(text)).toThrow(TypeError);
      }),
    );
    const costly = formatPasswordHash({ ...cheap, costLog2: 21, salt: Buffer.alloc(16), hash: Buffer.alloc(32) });
    expect(() => parsePasswordHash(costly)).toThrow('The hash of a password cannot be read');
  });
});

describe('the work of hashing', () => {
  function held() {
    const open: (() => void)[] = [];
    const derive: Derive = () => new Promise((resolve) => open.push(() => resolve(Buffer.alloc(32))));
    return { open, passwords: createPasswords({ cost: cheap, derive }) };
  }

  test('is done two at a time, and goes on when one of them is done', async () => {
    const { open, passwords } = held();
    const hashing = Array.from({ length: 5 }, () => passwords.hash('x'));
    expect(open).toHaveLength(2);
    open[0]?.();
    await hashing[0];
    expect(open).toHaveLength(3);
    for (let index = 1; index < 5; index += 1) {
      open[index]?.();
      await hashing[index];
    }
    expect(open).toHaveLength(5);
  });

  test('is refused while fifty others wait', async () => {
    const { open, passwords } = held();
    const hashing = Array.from({ length: 52 }, () => passwords.hash('x'));
    await expect(passwords.isRight('x', undefined)).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs: 5000 });
    expect(open).toHaveLength(2);
    for (let index = 0; index < 52; index += 1) {
      open[index]?.();
      await hashing[index];
    }
    await expect(Promise.all(hashing)).resolves.toHaveLength(52);
  });

  test('leaves its place when it fails', async () => {
    const passwords = createPasswords({ cost: cheap, derive: async () => Promise.reject(new Error('no memory')) });
    for (let index = 0; index < 5; index += 1) await expect(passwords.hash('x')).rejects.toThrow('no memory');
  });

  test('is the same without a stored hash, and never right: also not for the hash of nobody', async () => {
    const costs: object[] = [];
    const derive: Derive = async (_password, _salt, cost) => {
      costs.push(cost);
      return Buffer.alloc(32);
    };
    const { isRight } = createPasswords({ derive });
    expect(await isRight('x', undefined)).toBe(false);
    expect(costs).toMatchObject([passwordCost]);
  });
});

describe('a password for ada', () => {
  test.each([
    ['correct horse', undefined],
    ['short', 'A password has at least 12 characters'],
    ['😀'.repeat(11), 'A password has at least 12 characters'],
    ['x'.repeat(257), 'A password has at most 256 characters'],
    ['aaaaaaaaaaaaaaaabbbbb', 'The password repeats a few characters'],
    ['AdaAdaAda123', 'The password is little more than the name'],
    ['\ud800 not text at all', 'The password has characters that are not text'],
  ])('%j: %s', (password, mistake) => {
    expect(passwordMistake(password, 'ada')).toBe(mistake);
  });

  test('is never repeated in what is said of it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 300 }), (password) => {
        const mistake = passwordMistake(`§${password}§`, 'ada');
        expect(mistake ?? '').not.toContain(`§${password}§`);
      }),
    );
  });
});
