import type { CallerFleet, ShownWebhook } from '@serve.zone/baseos-cloudly-handlers';
import { nearestName } from '@serve.zone/baseos-command-line/nearest-name';
import { OperationError } from '../command/command-context.js';

/** For every command that is about one webhook. */
export const webhookFlag = {
  type: 'positional',
  required: true,
  called: 'a webhook',
  description: 'The name of the webhook, or its ID',
} as const;

/**
 * The webhook with this name or ID.
 *
 * @throws OperationError if there is none, or several have the name.
 */
export async function findWebhook(fleet: CallerFleet, typed: string): Promise<ShownWebhook> {
  const webhooks = await fleet.listWebhooks();
  const found = webhooks.filter(({ id, name }) => id === typed || name === typed);
  const [webhook, ...others] = found;
  if (webhook && others.length === 0) return webhook;
  if (webhook) {
    const ids = found.map(({ id }) => id).join(', ');
    throw new OperationError(`Several webhooks are called "${typed}": ${ids}. Give the ID of one.`);
  }
  const nearest = nearestName(
    typed,
    webhooks.map(({ name }) => name),
  );
  const hint = nearest === undefined ? '`webhook list` shows all of them.' : `Did you mean "${nearest}"?`;
  throw new OperationError(`There is no webhook "${typed}". ${hint}`);
}
