/** What a transport knows about its failure. Operators see all of it, so it must not contain secrets. */
export interface TransportFailureDetails {
  /** A code of the system or of TLS, such as `CERT_HAS_EXPIRED`, or a short phrase, such as `proxy refused`. */
  reason: string;
  /** Where it failed, if not at Cloudly: `the proxy http://proxy.example:3128`. */
  place?: string | undefined;
  /** A clause in plain words. @default the known meaning of `reason` */
  explanation?: string | undefined;
  /** A sentence that says what to do. */
  remedy?: string | undefined;
  /** The other addresses of the host that were tried, and why each failed. All other members are about `address`. */
  otherAddresses?: readonly FailedAddress[] | undefined;
  /** The address that `reason` is about, if others were tried as well. */
  address?: string | undefined;
}

/** An address of a host that failed. */
export interface FailedAddress {
  /** The IP address. */
  address: string;
  /** As in the whole failure. */
  reason: string;
  /** A clause in plain words. @default the known meaning of `reason` */
  explanation?: string | undefined;
}

const brand = Symbol.for('@serve.zone/baseos-cloudly-connector/TransportFailure');

/**
 * The error of a transport that knows more about its failure than a code. Any other error is classified by its code and the
 * codes of its causes; its message is never repeated.
 */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';
  readonly code: string;
  readonly details: TransportFailureDetails;

  constructor(details: TransportFailureDetails) {
    super(details.explanation ?? details.reason);
    this.code = details.reason;
    this.details = details;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Whether `error` is a TransportFailure, even one from another copy of this package. */
export function isTransportFailure(error: unknown): error is TransportFailure {
  return typeof error === 'object' && error !== null && brand in error;
}
