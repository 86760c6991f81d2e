import { type ListenAddress, showListenAddress } from '@serve.zone/baseos-runner-core';

/** On Linux (unix(7)), without the NUL at the end. */
const SOCKET_PATH_MAX_BYTES = 107;

/** Why there are no metrics at an address, and what to do. */
export function explainListenFailure(error: unknown, address: ListenAddress): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
  const { cause, remedy } = explain(code, address);
  const advice = remedy === undefined ? 'change' : `${remedy}, or change`;
  return `Metrics cannot be served (${code}): ${cause}. The agent retries; ${advice} BASEOS_METRICS_LISTEN.`;
}

function explain(code: string, address: ListenAddress): { cause: string; remedy?: string } {
  const place = showListenAddress(address);
  const isSocket = address.kind === 'unix';
  switch (code) {
    case 'EADDRINUSE':
      return isSocket
        ? { cause: `${place} exists and is not a socket of an earlier agent`, remedy: 'remove it' }
        : { cause: `another process listens at ${place}`, remedy: 'stop that process' };
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return { cause: `this device does not have the address ${place}`, remedy: 'enable it' };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { cause: `the name in ${place} cannot be resolved`, remedy: 'add it to /etc/hosts' };
    case 'EACCES':
    case 'EPERM':
      return isSocket
        ? { cause: `the agent's user may not create ${place}`, remedy: 'let it write to the directory' }
        : { cause: `the agent's user may not listen at ${place}`, remedy: 'choose port 1024 or higher' };
    case 'ENOENT':
    case 'ENOTDIR':
      return { cause: `there is no directory for ${place}`, remedy: 'create it' };
    case 'EROFS':
      return { cause: `${place} is on a read-only file system` };
    case 'ENAMETOOLONG':
    case 'EINVAL':
      if (isSocket && Buffer.byteLength(address.path) > SOCKET_PATH_MAX_BYTES) {
        return { cause: `${place} is too long: the path of a socket can have ${SOCKET_PATH_MAX_BYTES} bytes` };
      }
      return { cause: `the agent cannot listen at ${place}` };
    default:
      return { cause: `the agent cannot listen at ${place}` };
  }
}
