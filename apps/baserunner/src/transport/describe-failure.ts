import {
  explainTlsError,
  failureOfAddresses,
  isTransportFailure,
  TransportFailure,
} from '@serve.zone/baseos-cloudly-connector';
import { AddressesFailed } from './race-addresses.js';

/**
 * What is reported about a failure. Never the error itself: a parser's error contains the received bytes, possibly a token.
 *
 * @param place where it happened, if not at the server that the request is for
 */
export function describeFailure(error: unknown, place: string | undefined): Error {
  if (isTransportFailure(error)) return error;
  if (error instanceof AddressesFailed) {
    const details = describeAddresses(error);
    return new TransportFailure({ ...details, place, remedy: details.remedy ?? remedyAt(place) });
  }
  const { message, code } = error as NodeJS.ErrnoException;
  const explained = explainTlsError(error);
  if (explained) return new TransportFailure({ ...explained, place });
  if (place !== undefined && code !== undefined)
    return new TransportFailure({ reason: code, place, remedy: remedyAt(place) });
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

/** A failure at a place other than Cloudly is one of the proxy. */
function remedyAt(place: string | undefined): string | undefined {
  return place === undefined
    ? undefined
    : "If the problem persists, check HTTPS_PROXY or HTTP_PROXY, and the device's network.";
}

function describeAddresses({ failures }: AddressesFailed) {
  return failureOfAddresses(
    failures.map(({ address, error }) => {
      if (!isTransportFailure(error)) return { address, reason: (error as NodeJS.ErrnoException).code ?? 'unknown' };
      const { reason, explanation, remedy } = error.details;
      return { address, reason, explanation, remedy };
    }),
  );
}
