import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Refusal } from '../src/http/refusals.js';
import { readTlsCredentials } from '../src/tls/tls-credentials.js';
import { isSkipped as isWithoutCertificate, makeCertificate } from '@serve.zone/baseos-testing/network/certificate';
import { freePort } from '@serve.zone/baseos-testing/network/free-port';
import { startServer } from './start-server.js';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';

const tool = join(import.meta.dirname, '../../../.tools/haproxy');
const haproxy = join(tool, 'usr/sbin/haproxy');
const libraries = globSync(join(tool, 'usr/lib/*/liblua*.so*')).map((path) => dirname(path))[0] ?? '';
const isInstalled = existsSync(haproxy);
const unless = isInstalled ? '' : ' (needs npx -y pnpm@12.21.0 run test:tools, as root on Debian)';

interface Check {
  server: string;
  outcome: string;
  status: string;
}

/** HAProxy before these servers, with its check as its manual has it, which asks by HTTP/1.0 and names no host. */
async function startProxy(servers: readonly string[]): Promise<() => Promise<Check[]>> {
  const port = await freePort();
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, 'haproxy.cfg'),
    [
      'defaults',
      '  mode http',
      '  timeout connect 5s',
      '  timeout client 10s',
      '  timeout server 10s',
      'frontend devices',
      `  bind 127.0.0.1:${port}`,
      '  stats enable',
      '  stats uri /checks',
      '  default_backend cloudly',
      'backend cloudly',
      '  option httpchk GET /readyz',
      ...servers.map((server, index) => `  server s${index} ${server} check inter 100ms`),
      '',
    ].join('\n'),
  );
  const proxy = spawn(haproxy, ['-db', '-f', join(folder, 'haproxy.cfg')], {
    env: { LD_LIBRARY_PATH: libraries },
    stdio: 'ignore',
  });
  onTestFinished(async () => {
    proxy.kill('SIGKILL');
    await once(proxy, 'exit');
  });
  return async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/checks;csv`).catch(() => undefined);
    const [header = '', ...rows] = (await answer?.text())?.split('\n') ?? [];
    const names = header.replace(/^# /, '').split(',');
    return rows
      .map((row) => row.split(','))
      .filter((row) => /^s\d+$/.test(row[1] ?? ''))
      .map((row) => ({
        server: row[1] ?? '',
        outcome: row[names.indexOf('check_status')] ?? '',
        status: row[names.indexOf('check_code')] ?? '',
      }));
  };
}

// In CI a test that cannot run is a failure.
test.skipIf((!isInstalled || isWithoutCertificate) && !process.env['CI'])(
  `HAProxy's check finds a server ready, with TLS and without${unless}`,
  { timeout: 180_000 },
  async () => {
    const refusals: Refusal[] = [];
    const onRefusal = (refusal: Refusal): void => void refusals.push(refusal);
    const tls = readTlsCredentials(makeCertificate(temporaryFolder()));
    const [plain, secure] = [await startServer({ onRefusal }), await startServer({ onRefusal, tls })];
    const checks = await startProxy([new URL(plain.url).host, `${new URL(secure.url).host} ssl verify none check-ssl`]);
    await expect.poll(checks, { timeout: 60_000 }).toEqual([
      { server: 's0', outcome: 'L7OK', status: '200' },
      { server: 's1', outcome: 'L7OK', status: '200' },
    ]);
    expect(refusals).toEqual([]);

    await plain.close();
    await expect.poll(checks, { timeout: 60_000 }).toEqual([
      { server: 's0', outcome: 'L4CON', status: '' },
      { server: 's1', outcome: 'L7OK', status: '200' },
    ]);
  },
);
