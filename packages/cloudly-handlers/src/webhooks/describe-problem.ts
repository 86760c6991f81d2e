import type { AttemptResult, DeliveryProblem } from '../fleet-store/webhook.js';

/** Why an attempt failed and what to do, in a sentence; `undefined` if it has not. */
export function describeProblem({ problem, status }: Pick<AttemptResult, 'problem' | 'status'>): string | undefined {
  if (problem === undefined) return undefined;
  const answered = status === undefined ? '' : ` (${status})`;
  return (sentences[problem] ?? 'It could not be delivered') + answered;
}

const sentences: Readonly<Record<DeliveryProblem, string>> = {
  'address-refused':
    'The address is not public, and webhooks are not sent there unless the server allows its network (--webhook-networks)',
  'name-unknown': 'The host name has no address. Check the URL',
  refused: 'Nothing listens at that address. Check that the receiver runs',
  unreachable: 'The receiver cannot be reached, or the connection broke',
  'tls-failed': 'The certificate of the receiver is not valid for its host. Renew it, or correct the URL',
  timeout: 'The receiver did not answer within 15 seconds. It should answer before it works on what it got',
  redirected: 'The receiver redirects, which is not followed. Set the URL to which it redirects',
  rejected: 'The receiver did not accept it',
  'answer-unreadable': 'What came is no answer of HTTP. Check the port',
  'url-refused': 'The URL is none that webhooks may have',
  skipped: 'It was left out when the webhook was enabled',
};
