import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createEmulatedNode } from './emulated-node.js';
import { freePort } from '@serve.zone/baseos-testing/network/free-port';
import { startServer } from './start-server.js';
import { temporaryFolder } from '@serve.zone/baseos-testing/files/temporary-folder';

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const caddy = [
  join(import.meta.dirname, '../../../.tools/caddy/usr/bin'),
  ...(process.env['PATH'] ?? '').split(delimiter),
]
  .map((folder) => join(folder, 'caddy'))
  .find(isProgram);
const unless = caddy === undefined ? ' (needs npx -y pnpm@12.21.0 run test:tools, as root on Debian)' : '';

/** The proxy of compose.postgres.yml with another address and other servers. */
async function startProxy(servers: readonly string[]): Promise<string> {
  if (caddy === undefined) throw new Error(`The test of the proxy${unless}`);
  const address = `http://127.0.0.1:${await freePort()}`;
  const proxy = spawn(caddy, ['run', '--config', join(import.meta.dirname, '../Caddyfile'), '--adapter', 'caddyfile'], {
    env: {
      HOME: temporaryFolder(),
      // Nobody else configures it, and two of them do not meet.
      CADDY_ADMIN: `127.0.0.1:${await freePort()}`,
      CLOUDLY_ADDRESS: address,
      CLOUDLY_SERVERS: servers.map((url) => new URL(url).host).join(' '),
    },
    stdio: 'ignore',
  });
  onTestFinished(async () => {
    proxy.kill('SIGKILL');
    await once(proxy, 'exit');
  });
  return address;
}

// In CI a test that cannot run is a failure.
test.skipIf(caddy === undefined && !process.env['CI'])(
  `the proxy of compose.postgres.yml distributes requests to all servers, and skips one that is gone${unless}`,
  { timeout: 180_000 },
  async () => {
    const servers = [await startServer(), await startServer()];
    const address = await startProxy(servers.map(({ url }) => url));
    const cloudlyAt = async () =>
      fetch(`${address}/healthz`)
        .then(async (response) => ((await response.json()) as { cloudlyId?: string }).cloudlyId)
        .catch(() => undefined);
    // Each has a fleet of its own here, so that it shows which one answers.
    const [one, other] = await Promise.all(servers.map(({ store }) => store.cloudlyId()));
    await expect.poll(cloudlyAt, { timeout: 60_000 }).toBe(one);
    await expect.poll(cloudlyAt, { timeout: 60_000 }).toBe(other);

    await servers[1]?.close();
    const { joinToken } = (await servers[0]?.createJoinToken({ uses: 100 })) ?? { joinToken: '' };
    const register = () => createEmulatedNode().register(address, joinToken);
    const registerTwice = async () => [(await register()).status, (await register()).status];
    await expect.poll(registerTwice, { timeout: 60_000 }).toEqual([201, 201]);
    for (let count = 0; count < 10; count += 1) {
      expect(await register()).toMatchObject({ status: 201, cloudlyId: one });
    }
  },
);
