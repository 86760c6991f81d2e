import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

export interface SlowRoomOptions {
  /** For the files of the room. */
  folder: string;
  /** All names that are known in the room, each with its addresses. */
  hosts: Readonly<Record<string, readonly string[]>>;
  /** How long a packet takes to a peer and back, by the peer's address in 10.77.0.0/24 or fd77::/64; to all others it is lost. */
  roundTripsMs: Readonly<Record<string, number>>;
  /** Whether there is a route to IPv6 addresses. @default false */
  hasIpv6?: boolean;
}

export interface SlowRoom {
  /** What starts a program in the room, before its own path. */
  enter: readonly string[];
  /** Lets every peer that is not lost listen on `port`, as the server on `servedPort` of this machine's loopback. */
  serve(port: number, servedPort: number): Promise<void>;
}

/** The device's own, at which all peers are met; and one at which nothing listens. */
const device = { ipv4: '10.77.0.1', ipv6: 'fd77::1' };
export const refusing = '10.77.9.9';

/**
 * A network namespace with a link on which every packet takes its time or is lost, and names of its own: no two parties are
 * one, and no name is known outside. It is gone when the test is.
 */
export async function openSlowRoom({
  folder,
  hosts,
  roundTripsMs,
  hasIpv6 = false,
}: SlowRoomOptions): Promise<SlowRoom> {
  const lines = Object.entries(hosts).flatMap(([name, addresses]) =>
    addresses.map((address) => `${address} ${name}\n`),
  );
  const hostsPath = join(folder, 'hosts');
  writeFileSync(hostsPath, ['127.0.0.1 localhost\n', ...lines].join(''));
  writeFileSync(join(folder, 'nsswitch.conf'), 'hosts: files\n');
  writeFileSync(join(folder, 'host.conf'), 'multi on\n');
  const delays = Object.entries(roundTripsMs).map(([peer, roundTripMs]) => `${peer}=${Math.round(roundTripMs / 2)}`);
  const link = join(import.meta.dirname, 'slow-link.pl');
  const room = spawn('unshare', [...namespaces, '/bin/sh', '-euc', setUp, 'sh', folder, link, ...delays], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], IPV6: hasIpv6 ? '1' : '' },
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
    serve: async (port, servedPort) => {
      const path = join(folder, `peer-${port}`);
      await bridge(path, servedPort);
      const listener = spawn(
        enter[0] ?? '',
        [...enter.slice(1), process.execPath, '-e', listen, `${port}`, path, ...listenAddresses(hasIpv6)],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      onTestFinished(() => void listener.kill('SIGKILL'));
      await once(listener.stdout, 'data');
    },
  };
}

function listenAddresses(hasIpv6: boolean): string[] {
  return hasIpv6 ? [device.ipv4, device.ipv6] : [device.ipv4];
}

/** With one for processes, so that all in it end with the first. */
const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child'];

const setUp = `
  folder=$1; shift
  for name in hosts nsswitch.conf host.conf; do mount --bind "$folder/$name" "/etc/$name"; done
  ip link set lo up
  ip addr add ${refusing}/32 dev lo
  link=$1; shift
  mkfifo "$folder/link"
  perl "$link" slow0 "$@" > "$folder/link" &
  read -r opened < "$folder/link"
  ip addr add ${device.ipv4}/24 dev slow0
  [ -z "$IPV6" ] || ip -6 addr add ${device.ipv6}/64 dev slow0 nodad
  ip link set slow0 up
  echo ready
  wait
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

function tryToOpen(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync(
      'unshare',
      [...namespaces, '/bin/sh', '-euc', 'test -c /dev/net/tun; ip link set lo up; perl -MSocket -e 1'],
      {
        stdio: 'ignore',
      },
    );
    return true;
  } catch {
    return false;
  }
}

const canOpenRoom = tryToOpen();

/** In CI a machine that cannot is a failure. */
export const mustOpenRoom = canOpenRoom || Boolean(process.env['CI']);

/** For the name of a test that cannot run without. */
export const unlessRoom = canOpenRoom ? '' : ' (needs root with CAP_NET_ADMIN, /dev/net/tun, ip, unshare and perl)';
