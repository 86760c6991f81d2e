import { FleetError, type ServerKey, type WebhookServices } from '@serve.zone/baseos-cloudly-handlers';
import { createWebhookSender, serverKeyFile, serverKeyOf } from '@serve.zone/baseos-cloudly-handlers/webhooks';
import type { DatabaseLocation } from '../database/database-location.js';

export interface WebhookOptions {
  /**
   * The file of the server key, which is made when it is needed first.
   *
   * @default beside the SQLite file; there is none for PostgreSQL
   */
  secretKeyPath?: string | undefined;
  /** In the place of the file: the key itself, 32 bytes in base64 or hexadecimal. */
  secretKey?: string | undefined;
  /** Networks such as `10.0.0.0/8` to which webhooks may be sent beside the Internet. @default none */
  webhookNetworks?: readonly string[] | undefined;
}

/** What sends the webhooks of a fleet. */
export function webhookServices(
  location: DatabaseLocation,
  { secretKeyPath, secretKey, webhookNetworks }: WebhookOptions,
): WebhookServices {
  return {
    key: keyOf(location, { secretKeyPath, secretKey }),
    sender: createWebhookSender({ networks: webhookNetworks }),
  };
}

function keyOf(location: DatabaseLocation, { secretKeyPath, secretKey }: WebhookOptions): ServerKey {
  if (secretKey !== undefined) return serverKeyOf(secretKey, 'BASEOS_SECRET_KEY');
  if (secretKeyPath !== undefined) return serverKeyFile(secretKeyPath);
  return location.kind === 'sqlite' ? serverKeyFile(`${location.path}.secret-key`) : noKey;
}

/** Several servers may have the database, and each of them would make a key of its own. */
const noKey: ServerKey = {
  read: async () => undefined,
  async ensure() {
    throw new FleetError('webhooks-off', 'Webhooks are off: with PostgreSQL, the server key must be named', {
      remedy:
        'Give all servers and commands the same key: a file by --secret-key-file, or the variable BASEOS_SECRET_KEY. ' +
        '`openssl rand -base64 32` prints a new one.',
    });
  },
};
