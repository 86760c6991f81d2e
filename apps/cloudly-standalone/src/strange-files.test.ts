import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { databaseLocation } from './database/database-location.js';
import { readTlsCredentials, TlsFilesError } from './tls/tls-credentials.js';
import { readServerAddress } from './single-server/server-address.js';

/** A path that is not a file, or a file that is too large. */
const strangers: [what: string, make: (path: string) => unknown, words: RegExp][] = [
  ['a FIFO', (path) => execFileSync('mkfifo', [path]), /is a pipe and not a file/],
  ['a directory', (path) => mkdirSync(path), /is a directory and not a file/],
  [
    'a huge file',
    (path) => {
      writeFileSync(path, '');
      truncateSync(path, 64 * 1024 ** 3);
    },
    /is too large/,
  ],
];

describe.runIf(process.platform === 'linux').each(strangers)('%s', (_what, make, words) => {
  const place = (name: string): string => {
    const folder = mkdtempSync(join(tmpdir(), 'cloudly-strange-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, name);
    make(path);
    return path;
  };

  test('in place of a TLS file is reported at once', () => {
    const path = place('cert.pem');
    expect(() => readTlsCredentials({ certPath: path, keyPath: path })).toThrow(TlsFilesError);
    expect(() => readTlsCredentials({ certPath: path, keyPath: path })).toThrow(words);
  });

  test('in place of the password file is reported at once', () => {
    const env = { CLOUDLY_DATABASE_PASSWORD_FILE: place('password') };
    expect(() => databaseLocation({ database: 'postgres://db.example/fleet' }, env)).toThrow(words);
  });

  test('in place of the server’s address file is reported at once', async () => {
    const path = place('fleet.sqlite.address');
    await expect(readServerAddress(path.replace(/\.address$/, ''))).rejects.toThrow(words);
  });
});
