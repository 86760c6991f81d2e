import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isSkipped, makeCertificate, unlessInstalled } from '@serve.zone/baseos-testing/network/certificate';
import { bundledCli } from './cli-process.js';
import { asksForPassword, refusal, silentPostgres } from './silent-postgres.js';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';

const { cli, launch, serve } = bundledCli();

/** One sentence, alone. */
function only(sentence: RegExp): RegExp {
  return new RegExp(`^cloudly-standalone: Cloudly cannot start: ${sentence.source}\\n$`);
}

async function takenPort(): Promise<number> {
  const { port, close } = await listenOnLoopback(createServer());
  onTestFinished(close);
  return port;
}

/** The output of `serve`. It ends with 1 soon after that, so it does not fail by a wait. */
async function failureOf(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const server = launch(['serve', ...argv], env);
  await server.logged(/cannot start/);
  const toldAtMs = performance.now();
  expect(await server.exited).toEqual({ code: 1, signal: null });
  expect(performance.now() - toldAtMs).toBeLessThan(5000);
  return server.stderr;
}

describe('a failed start ends the process with 1 and one sentence:', { timeout: 180_000 }, () => {
  test.each([
    ['an unknown host', 'no-such-host.invalid', /DNS lookup of the host no-such-host\.invalid failed .* with --host\./],
    [
      'an address of another machine',
      '192.0.2.1',
      /192\.0\.2\.1 is not an address of this machine\. Choose one with --host\./,
    ],
    [
      'a link-local address without a zone',
      'fe80::1',
      /fe80::1 is a link-local address .* fe80::1%eth0\. .* with --host\./,
    ],
    ['an unknown zone', 'fe80::1%none9', /fe80::1%none9 is a link-local address .* with --host\./],
  ])('%s', async (_what, host, sentence) => {
    const data = temporaryFolder();
    expect(await failureOf(['--port', '0', '--host', host, '--data', data])).toMatch(only(sentence));
    expect(existsSync(join(data, 'cloudly.sqlite.address'))).toBe(false);
    const argv = ['--port', '0', '--metrics-port', '0', '--metrics-host', host, '--data', data];
    const ofMetrics = new RegExp(sentence.source.replaceAll('--host', '--metrics-host'));
    expect(await failureOf(argv)).toMatch(only(ofMetrics));
    expect(existsSync(join(data, 'cloudly.sqlite.address'))).toBe(false);
  });

  test('a port that is taken', async () => {
    const port = String(await takenPort());
    const taken = `port ${port} of 127.0.0.1 is in use. Stop the program that listens there, or choose another port with`;
    expect(await failureOf(['--port', port, '--data', temporaryFolder()])).toMatch(
      only(new RegExp(`${taken} --port\\.`)),
    );
    const argv = ['--port', '0', '--metrics-port', port, '--data', temporaryFolder()];
    expect(await failureOf(argv)).toMatch(only(new RegExp(`${taken} --metrics-port\\.`)));
  });

  test('an address that cannot be written beside the data', async () => {
    const data = temporaryFolder();
    const address = join(data, 'cloudly.sqlite.address');
    spawnSync('mkfifo', [address]);
    expect(await failureOf(['--port', '0', '--data', data])).toMatch(only(/.*address is a pipe and not a file.*/));
    expect(readdirSync(data)).toContain('cloudly.sqlite.address');
  });

  test.skipIf(isSkipped)(`a key that cannot be read${unlessInstalled}`, async () => {
    const { certPath } = makeCertificate(temporaryFolder());
    const keyPath = join(temporaryFolder(), 'key.pem');
    writeFileSync(keyPath, 'nothing');
    const argv = ['--port', '0', '--data', temporaryFolder(), '--tls-cert', certPath, '--tls-key', keyPath];
    expect(await failureOf(argv)).toMatch(only(/.*key\.pem is not a PEM private key.*/));
  });

  test('a PostgreSQL that is not running', async () => {
    const database = 'postgres://cloudly@127.0.0.1:1/fleet';
    const told = await failureOf(['--port', '0', '--database', database]);
    expect(told).toMatch(only(/.*127\.0\.0\.1:1, database fleet.*/));
  });

  test.each([
    ['asks for a password, and none is given', asksForPassword, /.*password.*/],
    [
      'refuses the password',
      [refusal('28P01', 'password authentication failed for user "cloudly"')],
      /.*Correct the password.*/,
    ],
    ['has no such database', [refusal('3D000', 'database "fleet" does not exist')], /.*Create it first.*/],
    ['has no free connection', [refusal('53300', 'sorry, too many clients already')], /.*too many clients.*/],
  ])('a PostgreSQL that %s, and does not hang up', async (_what, answers, sentence) => {
    const postgres = await silentPostgres(...answers);
    expect(
      await failureOf(['--port', '0', '--database', postgres.url], { PGPASSWORD: '', PGPASSFILE: '/none' }),
    ).toMatch(only(sentence));
    await postgres.untilAlone();
  });
});

describe('a signal', { timeout: 180_000 }, () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)('%s ends a start that waits for PostgreSQL', async (signal) => {
    const postgres = await silentPostgres();
    const server = serve('--database', postgres.url);
    await postgres.asked;
    const toldAtMs = performance.now();
    server.signal(signal);
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(server.stderr).toMatch(/Stopping before the server has started/);
    // PostgreSQL itself would be waited for ten seconds.
    expect(performance.now() - toldAtMs).toBeLessThan(8000);
  });

  test('ends any other command that waits for PostgreSQL at once', async () => {
    const postgres = await silentPostgres();
    const list = launch(['node', 'list', '--database', postgres.url]);
    await postgres.asked;
    list.signal('SIGTERM');
    expect(await list.exited).toEqual({ code: null, signal: 'SIGTERM' });
  });

  test('ends a server whenever it arrives', async () => {
    const data = temporaryFolder();
    // A signal that fell between two listeners was lost about once in ten starts.
    const starts = howMany(10, 60);
    for (let start = 0; start < starts; start += 1) {
      const delayMs = (start * 600) / starts;
      const server = serve('--data', data);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      server.signal('SIGTERM');
      // Before our code runs, it is Node that ends.
      expect([
        { code: 0, signal: null },
        { code: null, signal: 'SIGTERM' },
      ]).toContainEqual(await server.exited);
      expect(existsSync(join(data, 'cloudly.sqlite.address'))).toBe(false);
    }
  });
});

const ipv6 = ['--net', 'sh', '-euc', 'ip link set lo up; ip -6 address add fe80::1/64 dev lo nodad; exec "$@"', 'sh'];
const canHaveAddress = spawnSync('unshare', [...ipv6, 'true']).status === 0;

test.skipIf(!canHaveAddress && !process.env['CI'])(
  'a link-local address is served, shown without its zone, and not given to devices (needs root, unshare and ip)',
  async () => {
    const data = temporaryFolder();
    const argv = [process.execPath, cli, 'serve', '--host', 'fe80::1%lo', '--port', '8437', '--data', data];
    const server = spawn('unshare', [...ipv6, ...argv], { stdio: ['ignore', 'ignore', 'pipe'] });
    const exited = once(server, 'close');
    onTestFinished(() => void server.kill('SIGKILL'));
    let told = '';
    server.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
    while (!told.includes('To add a device')) await once(server.stderr, 'data');
    expect(told).toMatch(
      /^Cloudly listens at http:\/\/\[fe80::1\]:8437, a link-local address: callers must add a zone\n/,
    );

    const ask = `http.get({ host: 'fe80::1%lo', port: 8437, path: '/healthz', headers: { host: 'test' } }, (answer) => answer.pipe(process.stdout))`;
    const inside = ['--net', `--target=${server.pid}`, process.execPath, '-e', ask];
    expect(spawnSync('nsenter', inside, { encoding: 'utf8' }).stdout).toContain('"status":"ok"');

    const made = launch(['join-token', 'create', '--data', data]);
    expect(await made.exited).toEqual({ code: 2, signal: null });
    expect(made.stderr).toMatch(/listens on a link-local address, which a URL cannot contain\. Give .* with --url/);

    server.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(told).toContain('Stopped');
  },
);
