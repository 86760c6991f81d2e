import { status } from './heartbeat-node.mjs';

/** So many kinds of node; the last ones are offline. */
const KINDS = 300;
const OFFLINE = 6;
const HOUR_MS = 3_600_000;

/** As many kinds of node as a fleet has where operators search it. */
export function variedFleet(nodeCount) {
  const heardCount = heardOf(nodeCount);
  return {
    count: KINDS,
    of: (number) => (number < heardCount ? number % (KINDS - OFFLINE) : KINDS - 1 - (number % OFFLINE)),
    likenessOf,
  };
}

/** How many nodes send heartbeats: those with the first numbers. The others are offline. */
export function heardOf(nodeCount) {
  return Math.floor(nodeCount * (1 - OFFLINE / KINDS));
}

function likenessOf(kind, nodeId) {
  const of = (values) => values[kind % values.length];
  const { agent, host, device, supervisor } = status;
  const commit = `${of(['0a1b2c3d', '4e5f6071', '8293a4b5', 'c6d7e8f9', 'deadbeef'])}${'0'.repeat(24)}`;
  return {
    parts: {
      agent: { ...agent, version: `0.${kind % 4}.${kind % 11}` },
      host: { ...host, hostname: `gate-${nodeId}`, osVersion: `balenaOS 6.${kind % 5}.${kind % 24}+rev1` },
      device: {
        ...device,
        uuid: nodeId.slice(5).repeat(3),
        type: of(['raspberrypi4-64', 'raspberrypi5', 'intel-nuc']),
      },
      supervisor: {
        ...supervisor,
        version: `19.0.${kind % 6}`,
        device: { ...supervisor.device, commit, updateFailed: kind % 100 === 0, updatePending: kind % 100 === 0 },
      },
    },
    labels: {
      site: `site-${kind % 100}`,
      ...(kind % 3 === 0 && { floor: String(kind % 7) }),
      ...(kind % 50 === 0 && { canary: '' }),
    },
    agoMs: kind < KINDS - OFFLINE ? 0 : (KINDS - kind) * HOUR_MS,
  };
}
