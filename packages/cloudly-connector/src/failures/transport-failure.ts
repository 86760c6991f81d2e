/** What a transport knows of its failure. All of it is shown to operators: nothing of it may be secret. */
export interface TransportFailureDetails {
  /** A code of the system or of TLS, such as `CERT_HAS_EXPIRED`, or a short phrase, such as `proxy refused`. */
  reason: string;
  /** Where it failed, if not at Cloudly: `the proxy http://proxy.example:3128`. */
  place?: string | undefined;
  /** A clause in plain words. @default what `reason` is known to mean */
  explanation?: string | undefined;
  /** A sentence: what can be done about it. */
  remedy?: string | undefined;
  /** The other addresses of the host that were tried beside the one that all the rest is about, and why each failed. */
  otherAddresses?: readonly FailedAddress[] | undefined;
  /** The address that `reason` is about, where others were tried as well. */
  address?: string | undefined;
}

/** An address of a host that could not be used. */
export interface FailedAddress {
  address: string;
  /** As that of the whole failure. */
  reason: string;
  /** A clause in plain words. @default what `reason` is known to mean */
  explanation?: string | undefined;
}

const brand = Symbol.for('@serve.zone/baseos-cloudly-connector/TransportFailure');

/**
 * What a transport rejects with that can tell more of its failure than a code. Any other error is understood by its code
 * alone, and by the codes of its causes; what it says is never repeated.
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

/** Also true for a failure of another copy of this package. */
export function isTransportFailure(error: unknown): error is TransportFailure {
  return typeof error === 'object' && error !== null && brand in error;
}
