import { UsageError } from '@serve.zone/baseos-command-line';
import { readPublicUrl } from '../accounts/doors/public-address.js';
import { isEveryAddress, isLinkLocal } from '../address/host-reach.js';
import type { CommandContext } from '../command/command-context.js';
import { type DatabaseFlags, databaseLocation } from '../database/database-location.js';
import { readServerAddress } from '../single-server/server-address.js';

/** For every command that makes a link. */
export const linkFlags = {
  url: {
    type: 'string',
    valueHint: 'url',
    description: 'The --public-url of the server (default: where the server listens)',
  },
} as const;

/**
 * Where the links of a command lead.
 *
 * @throws UsageError if it is not given, and the data contains no address that a browser could use
 */
export async function readLinkUrl(
  context: CommandContext,
  args: DatabaseFlags & { url?: string | undefined },
): Promise<string> {
  if (args.url !== undefined) return readPublicUrl('--url', args.url).url;
  const location = databaseLocation(args, context.env);
  const text = location.kind === 'sqlite' ? await readServerAddress(location.path) : undefined;
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
  if (url && !isEveryAddress(url.hostname) && !isLinkLocal(url.hostname)) return url.origin;
  throw new UsageError('Give the address at which operators reach the server, its --public-url, with --url.');
}
