import type { ServerKey } from './server-key.js';
import type { WebhookSender } from './webhook-sender.js';

/** What it takes to send webhooks. */
export interface WebhookServices {
  key: ServerKey;
  sender: WebhookSender;
}
