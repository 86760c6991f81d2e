import { once } from 'node:events';
import { rename, symlink } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.js';
import { findLifeSign, type LifeSignConnection } from './find-life-sign.js';

async function listenOn(path: string): Promise<Server> {
  const server = createServer().listen(path);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return server;
}

/** Both ends of a connection to a socket that is listened on. */
async function connectTo(path: string): Promise<{ connection: LifeSignConnection; holder: Socket }> {
  const server = await listenOn(path);
  const accepted = once(server, 'connection');
  const lifeSign = await findLifeSign(path);
  if (lifeSign.kind !== 'alive') throw new Error(lifeSign.kind);
  const [holder] = (await accepted) as [Socket];
  return { connection: lifeSign.connection, holder };
}

test('a socket that a process listens on is alive, until that process closes it', async () => {
  await using folder = await temporaryFolder();
  const { connection, holder } = await connectTo(join(folder.path, 'socket'));
  holder.write('nobody reads this');
  holder.end();
  await expect(connection.closed).resolves.toBeUndefined();
});

test('the caller can close the connection to a living process', async () => {
  await using folder = await temporaryFolder();
  const { connection, holder } = await connectTo(join(folder.path, 'socket'));
  connection.close();
  await once(holder.resume(), 'close');
  await expect(connection.closed).resolves.toBeUndefined();
});

test('a socket that nobody listens on any longer is dead', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'socket');
  const server = await listenOn(path);
  // Node removes the socket of a server that it closes, by the name that it was given.
  await rename(path, `${path}.left`);
  server.close();
  await once(server, 'close');
  expect(await findLifeSign(`${path}.left`)).toEqual({ kind: 'dead' });
});

test('a socket that does not exist is missing', async () => {
  await using folder = await temporaryFolder();
  expect(await findLifeSign(join(folder.path, 'socket'))).toEqual({ kind: 'missing' });
});

test('a socket that the system does not let the process reach is unclear', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'socket');
  await symlink(path, path);
  expect(await findLifeSign(path)).toMatchObject({ kind: 'unclear', error: { code: 'ELOOP' } });
});
