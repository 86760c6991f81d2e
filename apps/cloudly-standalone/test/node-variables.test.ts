import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { expect, onTestFinished, test } from 'vitest';
import { isSkipped, makeCertificate, unlessInstalled } from '@serve.zone/baseos-testing/network/certificate';
import { bundledCli } from './cli-process.js';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';

const { cli } = bundledCli();

/** Speaks TLS as PostgreSQL does, with an untrusted certificate, and records what it receives. */
async function startImpostor(): Promise<{ port: number; said: Buffer[] }> {
  const { certPath, keyPath } = makeCertificate(temporaryFolder());
  const identity = { cert: readFileSync(certPath), key: readFileSync(keyPath) };
  const said: Buffer[] = [];
  const server = createServer((socket) => {
    // The client's wish for TLS, which is answered by a single letter.
    socket.once('data', () => {
      socket.write('S');
      const secure = new TLSSocket(socket, { ...identity, isServer: true });
      secure.on('error', () => undefined).on('data', (bytes: Buffer) => said.push(bytes));
    });
  });
  const { port, close } = await listenOnLoopback(server);
  onTestFinished(close);
  return { port, said };
}

/** Runs `serve` until it has ended on its own. */
async function serve(env: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [cli, 'serve', '--port', '0'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

test.skipIf(isSkipped).each(['require', 'verify-full', 'verify-ca', 'prefer'])(
  `the password of PostgreSQL goes to no untrusted server, with sslmode=%s, even if NODE_TLS_REJECT_UNAUTHORIZED=0${unlessInstalled}`,
  async (sslmode) => {
    const { port, said } = await startImpostor();
    const { code, stderr } = await serve({
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      CLOUDLY_DATABASE_URL: `postgres://cloudly:hidden@127.0.0.1:${port}/fleet?sslmode=${sslmode}`,
    });
    expect({ code, said: Buffer.concat(said).toString() }).toEqual({ code: 1, said: '' });
    expect(stderr).toMatch(/warn +NODE_TLS_REJECT_UNAUTHORIZED=0 has no effect/);
    expect(stderr).toMatch(/self[-_ ]signed/i);
  },
);

test.each([
  ['NODE_OPTIONS', '--max-old-space-size=512'],
  ['NODE_DEBUG', 'timer'],
  ['SSLKEYLOGFILE', '/dev/null'],
])('%s=%s causes a warning', async (name, value) => {
  const { stderr } = await serve({ [name]: value, CLOUDLY_DATABASE_URL: 'postgres://cloudly@127.0.0.1:1/fleet' });
  expect(stderr).toMatch(new RegExp(`warn +${name} `));
});

test.runIf(process.platform === 'linux')(
  'the image’s entry point accepts no pipe and no device as authorities, which would make Node wait',
  () => {
    const entry = readFileSync(join(import.meta.dirname, '../container/cloudly-standalone'), 'utf8');
    const folder = temporaryFolder();
    const [file, pipe] = [join(folder, 'ca.pem'), join(folder, 'pipe')];
    writeFileSync(file, '');
    execFileSync('mkfifo', [pipe]);
    writeFileSync(join(folder, 'node'), '#!/bin/sh\necho "${NODE_EXTRA_CA_CERTS-none}"\n', { mode: 0o755 });
    const passed = (path: string): string =>
      execFileSync('/bin/sh', ['-c', entry, 'cloudly-standalone'], {
        env: { PATH: folder, NODE_EXTRA_CA_CERTS: path },
        encoding: 'utf8',
      }).trim();
    const missing = '/nowhere/ca.pem';
    expect([file, pipe, '/dev/zero', missing].map(passed)).toEqual([file, 'none', 'none', missing]);
  },
);
