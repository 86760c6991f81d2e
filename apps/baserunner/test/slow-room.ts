import { join } from 'node:path';
import process from 'node:process';
import { canOpenRoom, type NetworkRoom, openNetworkRoom } from '@serve.zone/baseos-testing/network/network-room';

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

export interface SlowRoom extends Pick<NetworkRoom, 'enter'> {
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
  const delays = Object.entries(roundTripsMs).map(([peer, roundTripMs]) => `${peer}=${Math.round(roundTripMs / 2)}`);
  const { enter, serve } = await openNetworkRoom({
    folder,
    hosts,
    setUp,
    env: {
      LINK: join(import.meta.dirname, 'slow-link.pl'),
      DELAYS: delays.join(' '),
      IPV6: hasIpv6 ? '1' : '',
    },
  });
  const addresses = hasIpv6 ? [device.ipv4, device.ipv6] : [device.ipv4];
  return { enter, serve: (port, servedPort) => serve(port, servedPort, addresses) };
}

const setUp = `
  ip addr add ${refusing}/32 dev lo
  mkfifo "$1/link"
  perl "$LINK" slow0 $DELAYS > "$1/link" &
  read -r opened < "$1/link"
  ip addr add ${device.ipv4}/24 dev slow0
  [ -z "$IPV6" ] || ip -6 addr add ${device.ipv6}/64 dev slow0 nodad
  ip link set slow0 up
`;

const canOpen = canOpenRoom('test -c /dev/net/tun; ip link set lo up; perl -MSocket -e 1');

/** In CI a machine that cannot is a failure. */
export const mustOpenRoom = canOpen || Boolean(process.env['CI']);

/** For the name of a test that cannot run without. */
export const unlessRoom = canOpen ? '' : ' (needs root with CAP_NET_ADMIN, /dev/net/tun, ip, unshare and perl)';
