import type { SeenRequest } from '../messages/served-request.js';

/**
 * For the option `clientAddress`: the address at the other end of the socket, or `request.ip` of Express and Fastify,
 * which follows the application's own `trust proxy` or `trustProxy`. `undefined` for a request that did not come
 * through this subpath.
 */
export function clientAddress(_request: SeenRequest, info: unknown): string | undefined {
  if (typeof info !== 'object' || info === null) return undefined;
  if ('ip' in info && typeof info.ip === 'string') return info.ip;
  return 'socket' in info ? addressOf(info.socket) : undefined;
}

function addressOf(socket: unknown): string | undefined {
  return typeof socket === 'object' &&
    socket !== null &&
    'remoteAddress' in socket &&
    typeof socket.remoteAddress === 'string'
    ? socket.remoteAddress
    : undefined;
}
