import { once } from 'node:events';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { startHttpServer } from '../src/http/http-server.js';
import { readTlsCredentials } from '../src/tls/tls-credentials.js';
import { isSkipped, makeCertificate, unlessInstalled } from '@serve.zone/baseos-testing/network/certificate';
import { bundledCli } from './cli-process.js';
import { startServer } from './start-server.js';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';

const { run, serveAt } = bundledCli();

/** The body of an answer from a server with this certificate. Rejects if the server presents another. */
async function get(url: string, certPath: string): Promise<string> {
  const outgoing = request(url, { ca: readFileSync(certPath), agent: false }).end();
  const [incoming] = (await once(outgoing, 'response')) as [NodeJS.ReadableStream];
  return text(incoming);
}

describe.skipIf(isSkipped)(`TLS${unlessInstalled}`, () => {
  test('the server presents the certificate in its files, and a renewed one at SIGHUP without interruption', async () => {
    const [folder, data] = [temporaryFolder(), temporaryFolder()];
    const files = makeCertificate(folder);
    const server = await serveAt(data, '--tls-cert', files.certPath, '--tls-key', files.keyPath);
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const health = `${server.url}/healthz`;
    expect(await get(health, files.certPath)).toContain('"status":"ok"');
    await server.logged(/The certificate is valid until \d{4}-/);
    const { port } = new URL(server.url);
    const kept = connect({ port: Number(port), ca: readFileSync(files.certPath), servername: 'localhost' });
    await once(kept, 'secureConnect');

    const renewed = makeCertificate(join(folder, 'renewed'));
    copyFileSync(renewed.certPath, files.certPath);
    copyFileSync(renewed.keyPath, files.keyPath);
    server.signal('SIGHUP');
    await server.logged(/The reloaded certificate is valid until/);
    expect(await get(health, renewed.certPath)).toContain('"status":"ok"');
    kept.write('GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    expect(await text(kept)).toContain('"status":"ready"');

    server.signal('SIGTERM');
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  test('operators sign in by it, with a cookie that belongs to this host alone', async () => {
    const folder = temporaryFolder();
    const files = makeCertificate(folder);
    const { apiUrl, inviteFirst } = await startServer({ tls: readTlsCredentials(files), apiPort: 0 });
    const { link } = await inviteFirst();
    const [, invitation] = link.split('#');
    expect(link).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/invitation#/);
    const outgoing = request(`${apiUrl}/api/v1/invitations/accept`, {
      method: 'POST',
      ca: readFileSync(files.certPath),
      agent: false,
      headers: { origin: apiUrl, 'content-type': 'application/json' },
    }).end(JSON.stringify({ invitation, name: 'ada', password: 'correct horse battery' }));
    const [{ statusCode, headers }] = (await once(outgoing, 'response')) as [IncomingMessage];
    expect(statusCode).toBe(201);
    expect(headers['set-cookie']?.[0]).toMatch(
      /^__Host-cloudly-session=[\w-]{43}; .*; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    );
  });

  test('unusable files leave the certificate unchanged, and are reported', async () => {
    const folder = temporaryFolder();
    const files = makeCertificate(folder);
    const before = join(folder, 'before.pem');
    copyFileSync(files.certPath, before);
    const server = await serveAt(temporaryFolder(), '--tls-cert', files.certPath, '--tls-key', files.keyPath);
    copyFileSync(makeCertificate(join(folder, 'other')).certPath, files.certPath);
    server.signal('SIGHUP');
    await server.logged(/error The previous certificate stays in use: the key .* does not belong to the certificate/);
    expect(await get(`${server.url}/healthz`, before)).toContain('"status":"ok"');
  });

  test('serve with unusable files exits with 1 and says why', async () => {
    const folder = temporaryFolder();
    const { certPath, keyPath } = makeCertificate(folder);
    writeFileSync(keyPath, 'nothing');
    const argv = ['--port', '0', '--data', temporaryFolder(), '--tls-cert', certPath, '--tls-key', keyPath];
    await expect(run('serve', ...argv)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/cannot start: .*key\.pem is not a PEM private key/),
    });
  });

  test('a second server on the same data finds the first one over TLS, whatever its certificate says', async () => {
    const tls = readTlsCredentials(makeCertificate(temporaryFolder(), { name: 'cloudly.example' }));
    const { data, url } = await startServer({ tls });
    await expect(startServer({ databasePath: data })).rejects.toMatchObject({
      code: 'data-in-use',
      message: expect.stringContaining(url),
    });
  });

  test('a client that does not finish the handshake is cut off, even while the server closes', async () => {
    const tls = readTlsCredentials(makeCertificate(temporaryFolder()));
    const server = await startHttpServer({
      fetch: () => new Response(),
      host: '127.0.0.1',
      port: 0,
      tls,
      headersTimeoutMs: 50,
      drainMs: 20,
    });
    const begin = async () => {
      const socket = connectPlain(Number(new URL(server.url).port), '127.0.0.1');
      await once(socket, 'connect');
      // The first bytes of a handshake, and no more.
      socket.write(Buffer.from('160301', 'hex'));
      return socket;
    };
    expect(await text(await begin())).toBe('');
    const last = await begin();
    last.on('error', () => undefined);
    const ended = new Promise((resolve) => last.on('close', () => resolve('ended')));
    await server.close();
    expect(await ended).toBe('ended');
  });
});
