export {
  createWebhookRunner,
  type WebhookRunner,
  type WebhookRunnerOptions,
} from './webhook-delivery/create-webhook-runner.js';
export { createWebhookSender, type WebhookSenderOptions } from './webhook-node/create-webhook-sender.js';
export type { FindAddresses } from './webhook-node/judged-lookup.js';
export { isServerKey, serverKeyFile, serverKeyOf } from './webhook-node/server-key-file.js';
