import { describeDatabaseError } from '../database/describe-database-error.js';
import { TlsFilesError } from '../http/tls-credentials.js';
import type { ServeSettings } from './serve-flags.js';

/** Why a server could not start, and what to do about it. */
export function describeStartError(error: unknown, { location, service }: ServeSettings): string {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof TlsFilesError) return message;
  const { code, syscall, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  // Of two listeners with one port each, an error tells which it is about.
  const isMetrics = service.metrics !== undefined && port !== service.port && port === service.metrics.port;
  const [portFlag, hostFlag] = isMetrics ? ['--metrics-port', '--metrics-host'] : ['--port', '--host'];
  if (code === 'EACCES' && syscall === 'listen') return `${message}. Choose a port from 1024 up with ${portFlag}.`;
  switch (code) {
    case 'data-in-use':
      return `${message}. Stop it first, or give this one data of its own with --data.`;
    case 'EADDRINUSE':
      return `port ${port} of ${address} is taken. Stop what listens there, or choose another with ${portFlag}.`;
    case 'EADDRNOTAVAIL':
      return `${address} is no address of this machine. Choose one with ${hostFlag}.`;
    case 'ENOTFOUND':
      return `${message}: there is no such host. Choose an address of this machine with --host.`;
    default:
      return describeDatabaseError(error, location) ?? message;
  }
}
