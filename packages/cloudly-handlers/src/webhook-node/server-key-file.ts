import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { FleetError } from '../fleet-calls/fleet-error.js';
import { runtime } from '../fleet/runtime.js';
import type { ServerKey } from '../webhooks/server-key.js';

const KEY_BYTES = 32;

/**
 * The server key in a file with the mode 0600, which is made when a key is needed first. Several servers of a fleet need the
 * same file.
 */
export function serverKeyFile(path: string): ServerKey {
  const read = async (): Promise<Uint8Array | undefined> => {
    const text = readText(path);
    return text === undefined ? undefined : readServerKey(text, path);
  };
  return {
    read,
    async ensure() {
      const key = await read();
      if (key) return key;
      make(path);
      return (await read()) ?? throwOff(`The server key in ${path} was removed`, 'Put it back.');
    },
  };
}

/**
 * The server key from a text: 32 bytes in base64 or hexadecimal.
 *
 * @param name what the text is from, for messages; they never contain the text
 */
export function serverKeyOf(text: string, name: string): ServerKey {
  const key = readServerKey(text, name);
  return { read: async () => key, ensure: async () => key };
}

/** Whether a text is a server key. */
export function isServerKey(text: string): boolean {
  return bytesOf(text) !== undefined;
}

function readServerKey(text: string, name: string): Uint8Array {
  return bytesOf(text) ?? throwOff(`${name} has no server key`, 'It must be 32 random bytes in base64 or hexadecimal.');
}

function bytesOf(text: string): Uint8Array | undefined {
  const trimmed = text.trim();
  const isHex = /^[\da-f]{64}$/i.test(trimmed);
  if (!isHex && !/^[\w+/-]{43}=?$/.test(trimmed)) return undefined;
  return new Uint8Array(Buffer.from(trimmed, isHex ? 'hex' : 'base64'));
}

function readText(path: string): string | undefined {
  try {
    // Who can read it can sign as this server does. (Windows has no such modes.)
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
      return throwOff(`Others than the server can read the server key in ${path}`, `Run chmod 600 ${path}.`);
    }
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof FleetError) throw error;
    return throwOff(
      `The server key cannot be read: ${(error as Error).message}`,
      'Make the file readable for the server.',
      error,
    );
  }
}

/** Complete at once, or not at all: another process may make one, too, and the first wins. */
function make(path: string): void {
  const partialPath = `${path}.${globalThis.crypto.randomUUID()}.partial`;
  try {
    const file = openSync(partialPath, 'wx', 0o600);
    try {
      writeSync(file, `${Buffer.from(runtime.randomBytes(KEY_BYTES)).toString('base64')}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    linkSync(partialPath, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throwOff(
      `The server key cannot be written: ${(error as Error).message}`,
      'Name another file, or make the folder writable.',
      error,
    );
  } finally {
    rmSync(partialPath, { force: true });
  }
}

function throwOff(message: string, remedy: string, cause?: unknown): never {
  throw new FleetError('webhooks-off', message, { remedy, cause });
}
