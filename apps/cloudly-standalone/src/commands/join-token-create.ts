import { createJoinToken } from '@serve.zone/baseos-cloudly-handlers';
import { UsageError } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command-context.js';
import { type DatabaseLocation, databaseFlags } from '../database/database-location.js';
import { isEveryAddress } from '../is-every-address.js';
import { isLoopback } from '../is-loopback.js';
import { readCloudlyUrl, readDurationMs, readWholeNumber } from '../read-flag.js';
import { readServerAddress } from '../server-address.js';
import { withStore } from '../database/with-store.js';

const flags = {
  uses: { type: 'string', default: '1', description: 'How many new nodes it lets in' },
  expires: { type: 'string', default: '24h', valueHint: 'duration', description: 'How long it lets new nodes in' },
  ...databaseFlags,
  url: {
    type: 'string',
    description: 'Where devices reach Cloudly; without it, where the server on this SQLite file listens',
  },
} as const;

export function joinTokenCreateCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'create', description: 'Make a join token and print the lines to put on a device' },
    args: flags,
    run: async ({ args }) => {
      const uses = readWholeNumber('--uses', args.uses, { min: 1, max: 1_000_000 });
      const expiresInMs = readDurationMs('--expires', args.expires, { min: '1s', max: '3650d' });
      const givenUrl = args.url === undefined ? undefined : readCloudlyUrl('--url', args.url);
      const { joinToken, record, url } = await withStore(context, args, async (store, location) => {
        const deviceUrl = givenUrl ?? (await serverUrl(location));
        return { ...(await createJoinToken(store, { uses, expiresInMs })), url: deviceUrl };
      });
      context.stdout.write(`BASEOS_CLOUDLY_URL=${url}\nBASEOS_JOIN_TOKEN=${joinToken}\n`);
      const count = uses === 1 ? 'one new node' : `${uses} new nodes`;
      context.stderr.write(
        `Join token ${record.id} lets ${count} in until ${new Date(record.expiresAtMs).toISOString()}. ` +
          'It is not shown again.\n',
      );
      context.stderr.write(reachability(url));
    },
  });
}

/** @throws UsageError when the data does not tell an address that a device could use. */
async function serverUrl(location: DatabaseLocation): Promise<string> {
  if (location.kind === 'postgres') {
    throw new UsageError('Servers on PostgreSQL leave no address. Say with --url where devices reach Cloudly.');
  }
  const url = await readServerAddress(location.path);
  if (url === undefined) {
    throw new UsageError('No server runs on this data. Start it, or say with --url where devices reach Cloudly.');
  }
  const { hostname, port } = new URL(url);
  if (isEveryAddress(hostname)) {
    throw new UsageError(
      `The server listens at every address of this machine, port ${port}. Say with --url which one devices use.`,
    );
  }
  return url;
}

function reachability(url: string): string {
  const { protocol, hostname } = new URL(url);
  if (isLoopback(hostname))
    return 'Only this machine reaches that address; for other devices give theirs with --url.\n';
  if (protocol === 'https:') return '';
  return 'The address has no TLS: the device also needs BASEOS_ALLOW_INSECURE_HTTP=1.\n';
}
