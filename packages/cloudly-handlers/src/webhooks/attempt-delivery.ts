import type { AttemptResult, Delivery, Webhook } from '../fleet-store/webhook.js';
import { deriveSecret } from './derive-secret.js';
import { signDelivery } from './sign-delivery.js';
import { signingVersions } from './signing-versions.js';
import type { WebhookAnswer, WebhookSender } from './webhook-sender.js';

/** For so long a delivery belongs to whoever sends it: longer than an attempt may take. */
export const LEASE_MS = 60_000;

export interface AttemptOptions {
  serverKey: Uint8Array;
  sender: Pick<WebhookSender, 'send'>;
  now: () => number;
  signal?: AbortSignal | undefined;
}

export interface Attempt {
  answer: WebhookAnswer;
  result: AttemptResult;
}

/** Sends a delivery once, signed as of now. */
export async function attemptDelivery(
  webhook: Webhook,
  { id, body }: Pick<Delivery, 'id' | 'body'>,
  { serverKey, sender, now, signal }: AttemptOptions,
): Promise<Attempt> {
  const beganAtMs = now();
  const versions = signingVersions(webhook, beganAtMs);
  const secrets = await Promise.all(versions.map((version) => deriveSecret(serverKey, webhook.id, version)));
  const signature = await signDelivery({ id, atMs: beganAtMs, body }, secrets);
  const headers = { 'content-type': 'application/json', 'user-agent': 'BaseOS-Cloudly', ...signature };
  const answer = await sender.send({ url: webhook.url, headers, body, signal });
  const atMs = now();
  const { status, problem } = answer;
  const told = { ...(status !== undefined && { status }), ...(problem !== undefined && { problem }) };
  return { answer, result: { atMs, tookMs: Math.max(0, atMs - beganAtMs), ...told } };
}
