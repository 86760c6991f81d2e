import { IncomingMessage } from 'node:http';

/**
 * For the option `clientAddress`: the address at the other end of the socket, or `request.ip` of Express and Fastify, which
 * goes by the application's own `trust proxy` or `trustProxy`. `undefined` for a request that did not come by this subpath.
 */
export const clientAddress = (_request: Request, info: unknown): string | undefined => {
  if (typeof info !== 'object' || info === null) return undefined;
  if ('ip' in info && typeof info.ip === 'string') return info.ip;
  return info instanceof IncomingMessage ? info.socket.remoteAddress : undefined;
};
