import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';
import { describe, expect, test } from 'vitest';
import { isFleetError } from '../fleet-calls/fleet-error.js';
import { isServerKey, serverKeyFile, serverKeyOf } from './server-key-file.js';

const hex = 'ab'.repeat(32);
const base64 = Buffer.from(hex, 'hex').toString('base64');

async function failureOf(call: Promise<unknown>): Promise<{ code: string; message: string; remedy: string }> {
  const error: unknown = await call.catch((reason: unknown) => reason);
  if (!isFleetError(error)) throw new Error('It should have failed');
  const { code, message, remedy } = error;
  return { code, message, remedy };
}

describe('the file of the server key', () => {
  test('is made when a key is needed first, for its owner alone', async () => {
    const path = join(temporaryFolder(), 'key');
    const { read, ensure } = serverKeyFile(path);
    expect(await read()).toBeUndefined();
    expect(existsSync(path)).toBe(false);
    const key = await ensure();
    expect(key).toHaveLength(32);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect([await read(), await ensure(), await serverKeyFile(path).read()]).toEqual([key, key, key]);
    expect(Buffer.from(readFileSync(path, 'utf8'), 'base64')).toEqual(Buffer.from(key));
  });

  test('is made once by servers that need it at the same time, and leaves nothing beside it', async () => {
    const folder = temporaryFolder();
    const keys = await Promise.all(Array.from({ length: 8 }, () => serverKeyFile(join(folder, 'key')).ensure()));
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
    expect(readdirSync(folder)).toEqual(['key']);
  });

  test.skipIf(process.platform === 'win32')('is refused if others can read it', async () => {
    const path = join(temporaryFolder(), 'key');
    writeFileSync(path, base64, { mode: 0o600 });
    for (const mode of [0o640, 0o604, 0o660]) {
      chmodSync(path, mode);
      const failure = await failureOf(serverKeyFile(path).read());
      expect(failure).toMatchObject({ code: 'webhooks-off', remedy: expect.stringContaining(`chmod 600 ${path}`) });
    }
  });

  test('is not replaced if it has something else', async () => {
    const path = join(temporaryFolder(), 'key');
    for (const text of ['', 'secret', `${hex}00`]) {
      writeFileSync(path, text, { mode: 0o600 });
      expect((await failureOf(serverKeyFile(path).ensure())).code).toBe('webhooks-off');
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });

  test('says why it can be neither read nor made', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'key'));
    expect((await failureOf(serverKeyFile(join(folder, 'missing', 'key')).ensure())).message).toContain(
      'cannot be written',
    );
    chmodSync(join(folder, 'key'), 0o700);
    expect((await failureOf(serverKeyFile(join(folder, 'key')).read())).message).toContain('cannot be read');
  });
});

test.each([hex, hex.toUpperCase(), base64, base64.replace(/=+$/, ''), `${base64}\n`])(
  '%j is a server key',
  async (text) => {
    expect(isServerKey(text)).toBe(true);
    expect(Buffer.from(await serverKeyOf(text, 'X').ensure()).toString('hex')).toBe(hex);
  },
);

test.each(['', 'secret', hex.slice(2), `${hex}ab`, `${base64}AA`, 'ü'.repeat(43)])(
  '%j is none, and is not repeated',
  (text) => {
    expect(isServerKey(text)).toBe(false);
    expect(() => serverKeyOf(text, 'BASEOS_SECRET_KEY')).toThrow('BASEOS_SECRET_KEY has no server key');
  },
);
