import { IncomingMessage } from 'node:http';

/**
 * For the option `clientAddress`: the address at the other end of the socket, or in Express `req.ip`, which goes by the
 * application's own `trust proxy`. `undefined` for a request that did not come by this subpath.
 */
export const clientAddress = (_request: Request, info: unknown): string | undefined => {
  if (!(info instanceof IncomingMessage)) return undefined;
  return 'ip' in info && typeof info.ip === 'string' ? info.ip : info.socket.remoteAddress;
};
