import type { DeliveryProblem } from '../fleet-store/webhook.js';
import type { WebhookAnswer } from '../webhooks/webhook-sender.js';
import { AddressRefusedError } from './judged-lookup.js';

/** What an answer means. Only 2xx says that the receiver has taken it. */
export function answerOf(status: number, retryAfter: string | undefined): WebhookAnswer {
  if (status >= 200 && status < 300) return { status };
  if (status >= 300 && status < 400) return { status, problem: 'redirected' };
  const seconds = /^\d{1,9}$/.test(retryAfter ?? '') ? Number(retryAfter) : 0;
  return { status, problem: 'rejected', ...(seconds > 0 && { retryAfterMs: seconds * 1000 }) };
}

/** Why there is no answer. */
export function problemOf(error: NodeJS.ErrnoException): DeliveryProblem {
  if (error instanceof AddressRefusedError) return 'address-refused';
  // Of several addresses, each with its error.
  const [first] = error instanceof AggregateError ? (error.errors as NodeJS.ErrnoException[]) : [];
  const code = error.code ?? first?.code ?? '';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NODATA') return 'name-unknown';
  if (code === 'ECONNREFUSED') return 'refused';
  if (code.startsWith('HPE_')) return 'answer-unreadable';
  return isOfTls(code) ? 'tls-failed' : 'unreachable';
}

/** Names of errors of OpenSSL and of Node, which compares the certificate with the host. */
function isOfTls(code: string): boolean {
  return /^(ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_|ERROR_IN_)/.test(
    code,
  );
}
