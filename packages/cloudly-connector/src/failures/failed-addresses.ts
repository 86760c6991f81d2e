import { codeOf } from './error-code.js';
import type { FailedAddress, TransportFailureDetails } from './transport-failure.js';

/**
 * The failure of a host at several of its addresses. It is mainly about the address at which the connection got furthest: a
 * device without IPv6 fails at every IPv6 address for a reason that does not help.
 */
export function failureOfAddresses(
  failed: readonly (FailedAddress & Pick<TransportFailureDetails, 'remedy'>)[],
): TransportFailureDetails {
  const [told, ...otherAddresses] = failed.toSorted((one, other) => wayGone(other.reason) - wayGone(one.reason));
  return told === undefined ? { reason: 'no address' } : { ...told, otherAddresses };
}

/** The failure at the addresses that Node itself tried, each with its own error; `undefined` if there were not several. */
export function addressesTried(errors: readonly object[]): TransportFailureDetails | undefined {
  const failed = errors.flatMap((error): FailedAddress[] => {
    const reason = codeOf(error);
    const address = 'address' in error ? error.address : undefined;
    return reason !== undefined && isAddress(address) ? [{ address, reason }] : [];
  });
  return failed.length < 2 ? undefined : failureOfAddresses(failed);
}

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && /^(?:[\d.]{7,15}|[\da-f:.]{2,45})$/i.test(value);
}

/** How far the connection to an address got, by the code of its failure. */
function wayGone(reason: string): number {
  return stages.find(([codes]) => codes.has(reason))?.[1] ?? stages.length;
}

const stages: readonly (readonly [codes: ReadonlySet<string>, stage: number])[] = [
  [new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']), 0],
  [new Set(['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT']), 1],
  [new Set(['ECONNREFUSED']), 2],
];
