import { describeDatabaseError } from '../database/describe-database-error.js';
import { TlsFilesError } from '../tls/tls-credentials.js';
import type { ServeSettings } from './serve-flags.js';

/** Why a server could not start, and what to do about it. */
export function describeStartError(error: unknown, { location, service }: ServeSettings): string {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof TlsFilesError) return message;
  const { code, syscall, address, port, hostname } = error as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
    hostname?: string;
  };
  // The port or the address in an error shows which of the two listeners it is about.
  const isMetrics =
    service.metrics !== undefined &&
    (port === undefined
      ? (hostname ?? address) !== service.host && (hostname ?? address) === service.metrics.host
      : port !== service.port && port === service.metrics.port);
  const [portFlag, hostFlag] = isMetrics ? ['--metrics-port', '--metrics-host'] : ['--port', '--host'];
  if (code === 'EACCES' && syscall === 'listen') return `${message}. Choose a port from 1024 upwards with ${portFlag}.`;
  if (syscall === 'getaddrinfo') {
    return `DNS lookup of the host ${hostname} failed (${code}). Give an IP address of this machine with ${hostFlag}.`;
  }
  if (code === 'EINVAL' && syscall === 'listen') {
    return (
      `${address} is a link-local address and needs the name of an interface of this machine, as in fe80::1%eth0. ` +
      `Correct it, or choose another address with ${hostFlag}.`
    );
  }
  switch (code) {
    case 'data-in-use':
      return `${message}. Stop that server first, or choose other data with --data.`;
    case 'EADDRINUSE':
      return `port ${port} of ${address} is in use. Stop the program that listens there, or choose another port with ${portFlag}.`;
    case 'EADDRNOTAVAIL':
      return `${address} is not an address of this machine. Choose one with ${hostFlag}.`;
    case 'EAFNOSUPPORT':
      return `this machine has no IPv6, so it cannot listen on ${address}. Choose another address with ${hostFlag}.`;
    default:
      return describeDatabaseError(error, location) ?? message;
  }
}
