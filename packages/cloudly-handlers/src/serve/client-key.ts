import { addressKey } from './address-key.js';

export interface ClientKeyOptions<Seen> {
  clientAddress?: ((request: Seen, info: unknown) => string | undefined) | undefined;
  report: (error: unknown) => void;
}

/**
 * The key under which the limits count a request; `undefined` if its address is unknown. A `clientAddress` that throws means that
 * there is no limit by address: better than no answer.
 */
export function clientKey<Seen>(
  request: { see(): Seen; info: unknown },
  { clientAddress, report }: ClientKeyOptions<Seen>,
): string | undefined {
  if (!clientAddress) return undefined;
  try {
    const address = clientAddress(request.see(), request.info);
    return address === undefined ? undefined : addressKey(address);
  } catch (error) {
    report(error);
    return undefined;
  }
}
