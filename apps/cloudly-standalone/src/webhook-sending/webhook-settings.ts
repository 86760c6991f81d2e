import { createWebhookSender, isServerKey } from '@serve.zone/baseos-cloudly-handlers/webhooks';
import { UsageError } from '@serve.zone/baseos-command-line';
import { readPath } from '../flags/read-flag.js';
import { flagsOf } from '../settings/flags-of.js';
import type { SettingsTable } from '../settings/setting.js';

/** Of every command that sends webhooks, or shows a secret of one. */
export const webhookSettings = {
  secretKeyPath: {
    name: '--secret-key-file',
    valueHint: 'file',
    offers: 'files',
    description: 'The file of the server key, from which the secrets of webhooks are derived',
    default: { words: 'beside the SQLite file; with PostgreSQL it must be named' },
    parse: readPath,
  },
  secretKey: {
    name: 'BASEOS_SECRET_KEY',
    description: 'Instead of that file: the server key itself, 32 random bytes in base64 or hexadecimal',
    secret: true,
    parse: readSecretKey,
  },
  webhookNetworks: {
    name: '--webhook-networks',
    valueHint: 'networks',
    description: 'Networks to which webhooks may be sent beside the Internet, separated by commas, such as 10.0.0.0/8',
    parse: readNetworks,
  },
} as const satisfies SettingsTable;

export const webhookFlags = flagsOf(webhookSettings);

function readNetworks(name: string, text: string): string[] {
  const networks = text.split(',').map((entry) => entry.trim());
  try {
    createWebhookSender({ networks });
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(`${name}: ${error.message}`) : error;
  }
  return networks;
}

function readSecretKey(name: string, text: string): string {
  if (isServerKey(text)) return text;
  throw new UsageError(
    `${name} must be 32 random bytes in base64 or hexadecimal, as \`openssl rand -base64 32\` prints.`,
  );
}
