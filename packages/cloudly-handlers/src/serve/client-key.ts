import { addressKey } from './address-key.js';
import type { HandlerContext } from '../context/handler-context.js';

/** What the limits count a request under; `undefined` where its address is not known, or cannot be told. */
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
