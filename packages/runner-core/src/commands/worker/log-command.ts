import { type CommandResult, safeText } from '@serve.zone/baseos-contracts';
import type { Logger } from '../../ports/logger.js';
import type { ListedCommand } from '../journal/journal-entry.js';

/** How a command is named in the log. */
function nameOf({ kind, service }: Pick<ListedCommand, 'kind' | 'service'>): string {
  const name = safeText(String(kind), 64) ?? 'unknown';
  const ofService = safeText(service, 64);
  return ofService === undefined ? `"${name}"` : `"${name}" (${ofService})`;
}

export function logEnding(command: ListedCommand, { id, outcome, error }: CommandResult, logger: Logger): void {
  const fields = { id, kind: safeText(String(command.kind), 64), outcome, ...(error && { code: error.code }) };
  if (outcome === 'succeeded') {
    logger.info(`Cloudly's command ${nameOf(command)} succeeded.`, fields);
  } else if (outcome === 'unsupported') {
    logger.warn(`Cloudly asks for ${nameOf(command)}, which this version of BaseRunner does not support.`, fields);
  } else {
    logger.warn(`Cloudly's command ${nameOf(command)} ended: ${outcome}. ${error?.message ?? ''}`.trim(), fields);
  }
}

export function logWait(command: ListedCommand, reason: string, logger: Logger): void {
  logger.info(`Cloudly's command ${nameOf(command)} waits. ${reason}`, { id: command.id });
}

export function logDropped(command: ListedCommand, why: string, logger: Logger): void {
  logger.info(`Cloudly's command ${nameOf(command)} is dropped before it began. ${why}`, { id: command.id });
}

export function logAsk(command: ListedCommand, logger: Logger): void {
  logger.info(`Cloudly's command ${nameOf(command)} begins.`, { id: command.id });
}
