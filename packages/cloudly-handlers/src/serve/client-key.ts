import { addressKey } from './address-key.js';
import type { HandlerContext } from '../context/handler-context.js';
import type { ServedRequest } from '../messages/served-request.js';

/** The key under which the limits count a request; `undefined` if its address is unknown. */
export function clientKey(request: ServedRequest, { clientAddress, report }: HandlerContext): string | undefined {
  if (!clientAddress) return undefined;
  try {
    const address = clientAddress(request.see(), request.info);
    return address === undefined ? undefined : addressKey(address);
  } catch (error) {
    report(error);
    return undefined;
  }
}
