import type { DeliveryProblem } from '../fleet-store/webhook.js';

/** One request to a receiver. */
export interface WebhookRequest {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Gives the request up. */
  signal?: AbortSignal | undefined;
}

/** What came back. Without a problem, the receiver has taken it. */
export interface WebhookAnswer {
  /** Of the answer, if there was one. */
  status?: number;
  problem?: DeliveryProblem;
  /** How long the receiver wants to be left alone. */
  retryAfterMs?: number;
}

/** Sends webhooks, to addresses alone to which they may go. */
export interface WebhookSender {
  /** Why a URL can be none of a webhook, in a sentence; `undefined` if it may be one. */
  urlMistake(this: void, url: string): string | undefined;
  /** Always resolves. */
  send(this: void, request: WebhookRequest): Promise<WebhookAnswer>;
}
