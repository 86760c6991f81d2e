import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as requestByHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestByHttps } from 'node:https';
import { isIP } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { isPublicAddress } from '../addresses/is-public-address.js';
import type { WebhookAnswer, WebhookRequest, WebhookSender } from '../webhooks/webhook-sender.js';
import { webhookUrlMistake } from '../webhooks/webhook-url-mistake.js';
import { type AllowedNetworks, allowedNetworks } from './allowed-networks.js';
import { type FindAddresses, judgedLookup, systemAddresses } from './judged-lookup.js';
import { answerOf, problemOf } from './read-answer.js';

export interface WebhookSenderOptions {
  /**
   * Networks such as `10.0.0.0/8` to which webhooks may be sent beside the Internet, also by plain http.
   *
   * @default none
   */
  networks?: readonly string[] | undefined;
  /** How long an attempt may take, from looking up the name to the end of the answer. @default 15 seconds */
  timeoutMs?: number | undefined;
  /** @default as the system finds the addresses of a name */
  findAddresses?: FindAddresses | undefined;
  /** Certificates of issuers beside those that the runtime trusts (PEM). @default none */
  ca?: SecureContextOptions['ca'];
}

const TIMEOUT_MS = 15_000;

/** So much of an answer is read, and nothing of it is kept. */
const ANSWER_MAX_BYTES = 4096;

/**
 * Sends webhooks from Node. Each request has a connection of its own, through no proxy, and its address is judged as it connects:
 * it must be one of the Internet, or in a network that is allowed. Redirects are not followed, and certificates are verified.
 *
 * @throws TypeError for an entry that is no network
 */
export function createWebhookSender(options: WebhookSenderOptions = {}): WebhookSender {
  const { timeoutMs = TIMEOUT_MS, findAddresses = systemAddresses, ca } = options;
  const networks = allowedNetworks(options.networks ?? []);
  return {
    urlMistake: (url) => webhookUrlMistake(url) ?? addressMistake(new URL(url), networks),
    send: ({ url, ...rest }) =>
      webhookUrlMistake(url) === undefined
        ? sendTo(new URL(url), rest, { networks, timeoutMs, findAddresses, ca })
        : Promise.resolve({ problem: 'url-refused' }),
  };
}

function addressMistake(url: URL, networks: AllowedNetworks): string | undefined {
  if (url.protocol === 'http:' && networks.isEmpty) {
    return 'The URL has http, which is only for networks that the server allows (--webhook-networks)';
  }
  const { address } = literalOf(url);
  if (address === undefined || mayCall(url, address, networks)) return undefined;
  return 'The URL has an address that is not public, in a network that the server does not allow (--webhook-networks)';
}

/** What is not encrypted stays in networks that somebody has named. */
function mayCall({ protocol }: URL, address: string, networks: AllowedNetworks): boolean {
  return networks.has(address) || (protocol === 'https:' && isPublicAddress(address));
}

/** Node looks an address up as little as anybody: it connects to it at once. */
function literalOf({ hostname }: URL): { host: string; address: string | undefined } {
  const host = hostname.replace(/^\[|\]$/g, '');
  return { host, address: isIP(host) === 0 ? undefined : host };
}

interface SendOptions {
  networks: AllowedNetworks;
  timeoutMs: number;
  findAddresses: FindAddresses;
  ca: SecureContextOptions['ca'];
}

function sendTo(
  url: URL,
  { headers, body, signal }: Omit<WebhookRequest, 'url'>,
  { networks, timeoutMs, findAddresses, ca }: SendOptions,
): Promise<WebhookAnswer> {
  const isAllowed = (address: string): boolean => mayCall(url, address, networks);
  const { host, address } = literalOf(url);
  if (address !== undefined && !isAllowed(address)) return Promise.resolve({ problem: 'address-refused' });
  const bytes = Buffer.from(body);
  const options = {
    method: 'POST',
    hostname: host,
    port: url.port,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, 'content-length': bytes.length, connection: 'close' },
    lookup: judgedLookup(isAllowed, findAddresses),
  };
  // An agent of its own knows no proxy and shares no connection.
  const request =
    url.protocol === 'https:'
      ? requestByHttps({ ...options, ca, agent: new HttpsAgent({ keepAlive: false }) })
      : requestByHttp({ ...options, agent: new HttpAgent({ keepAlive: false }) });
  return exchange(request, bytes, timeoutMs, signal);
}

function exchange(
  request: ClientRequest,
  bytes: Buffer,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<WebhookAnswer> {
  return new Promise((resolve) => {
    let answer: WebhookAnswer | undefined;
    const end = (otherwise: WebhookAnswer): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cut);
      request.destroy();
      resolve(answer ?? otherwise);
    };
    const cut = (): void => end({ problem: 'unreachable' });
    const timer = setTimeout(() => end({ problem: 'timeout' }), timeoutMs);
    signal?.addEventListener('abort', cut);
    request.on('error', (error) => end({ problem: problemOf(error) }));
    request.on('close', cut);
    request.on('response', (response: IncomingMessage) => {
      answer = answerOf(response.statusCode ?? 0, response.headers['retry-after']);
      let left = ANSWER_MAX_BYTES;
      response.on('data', (chunk: Buffer) => {
        left -= chunk.length;
        if (left < 0) cut();
      });
      response.on('end', cut);
      response.on('error', cut);
    });
    // An answer that switches protocols is none to a webhook.
    request.on('upgrade', () => end({ problem: 'answer-unreadable' }));
    if (signal?.aborted) cut();
    else request.end(bytes);
  });
}
