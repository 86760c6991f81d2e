/** Whether a server with this host name in its URL listens at all addresses of the machine. */
export function isEveryAddress(hostname: string): boolean {
  return hostname === '0.0.0.0' || hostname === '[::]';
}
