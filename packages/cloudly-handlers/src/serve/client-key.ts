import { addressKey } from './address-key.js';
import type { HandlerContext } from '../context/handler-context.js';

/** The key under which the limits count a request; `undefined` if its address is unknown. */
export function clientKey(
  request: Request,
  info: unknown,
  { clientAddress, report }: HandlerContext,
): string | undefined {
  try {
    const address = clientAddress(request, info);
    return address === undefined ? undefined : addressKey(address);
  } catch (error) {
    report(error);
    return undefined;
  }
}
