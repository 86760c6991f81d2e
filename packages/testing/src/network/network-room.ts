import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

export interface NetworkRoomOptions {
  /** For the files of the room. */
  folder: string;
  /** All names that are known in the room, each with its addresses. */
  hosts: Readonly<Record<string, readonly string[]>>;
  /** Further commands in the room before it is used, for `sh`, with its folder in `$1`. What they start there keeps running. */
  setUp?: string;
  env?: Readonly<Record<string, string>>;
}

export interface NetworkRoom {
  /** What starts a program in the room, before its own path. */
  enter: readonly string[];
  /** Lets these addresses of the room listen on `port`, as the server on `servedPort` of this machine's loopback. */
  serve(this: void, port: number, servedPort: number, addresses?: readonly string[]): Promise<void>;
}

/**
 * A network namespace: another machine, which has nothing of the network of this one, and names of its own. It is gone when the test is.
 */
export async function openNetworkRoom({ folder, hosts, setUp = '', env }: NetworkRoomOptions): Promise<NetworkRoom> {
  const lines = Object.entries(hosts).flatMap(([name, addresses]) =>
    addresses.map((address) => `${address} ${name}\n`),
  );
  writeFileSync(join(folder, 'hosts'), ['127.0.0.1 localhost\n', ...lines].join(''));
  writeFileSync(join(folder, 'nsswitch.conf'), 'hosts: files\n');
  writeFileSync(join(folder, 'host.conf'), 'multi on\n');
  const room = spawn('unshare', [...namespaces, '/bin/sh', '-euc', `${furnish}\n${setUp}\n${stay}`, 'sh', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], ...env },
  });
  onTestFinished(async () => {
    room.kill('SIGKILL');
    if (room.exitCode === null && room.signalCode === null) await once(room, 'exit');
  });
  const output = createInterface({ input: room.stdout })[Symbol.asyncIterator]();
  const opened = await output.next();
  if (opened.value !== 'ready') throw new Error('The room could not be made.');
  const enter = ['/usr/bin/nsenter', `--net=/proc/${room.pid}/ns/net`, `--mount=/proc/${room.pid}/ns/mnt`];
  return {
    enter,
    serve: async (port, servedPort, addresses = ['127.0.0.1']) => {
      const path = join(folder, `peer-${port}`);
      await bridge(path, servedPort);
      const [nsenter = '', ...into] = enter;
      const listener = spawn(nsenter, [...into, process.execPath, '-e', listen, `${port}`, path, ...addresses], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void listener.kill('SIGKILL'));
      await once(listener.stdout, 'data');
    },
  };
}

/** Whether this machine can open a room, and carry out these commands in it. */
export function canOpenRoom(commands = 'ip link set lo up'): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  return spawnSync('unshare', [...namespaces, '/bin/sh', '-euc', commands], { stdio: 'ignore' }).status === 0;
}

/** With one for processes, so that all in it end with the first. */
const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child'];

const furnish = `
  for name in hosts nsswitch.conf host.conf; do mount --bind "$1/$name" "/etc/$name"; done
  ip link set lo up
`;

const stay = `
  echo ready
  sleep infinity
`;

/** Runs in the namespace, where this process cannot listen: connections leave through a socket in the file system. */
const listen = `
  const { connect, createServer } = require('node:net');
  const [port, path, ...addresses] = process.argv.slice(1);
  let waiting = addresses.length;
  for (const host of addresses) {
    const server = createServer((socket) => {
      const onward = connect(path);
      socket.on('error', () => onward.destroy()).on('close', () => onward.destroy()).pipe(onward);
      onward.on('error', () => socket.destroy()).on('close', () => socket.destroy()).pipe(socket);
    });
    server.listen(Number(port), host, () => { if ((waiting -= 1) === 0) console.log('listening'); });
  }
`;

async function bridge(path: string, servedPort: number): Promise<void> {
  const server = createServer((socket) => {
    const onward = connect(servedPort, '127.0.0.1');
    socket.on('error', () => undefined).pipe(onward);
    onward.on('error', () => undefined).pipe(socket);
    socket.on('close', () => onward.destroy());
    onward.on('close', () => socket.destroy());
  }).listen(path);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
}
