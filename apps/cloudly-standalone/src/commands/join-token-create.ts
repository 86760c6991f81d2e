import type { NewJoinToken, ShownJoinToken } from '@serve.zone/baseos-cloudly-handlers';
import { readWholeNumber, UsageError } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand, type ParsedArgs } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { type DatabaseLocation, databaseLocation } from '../database/database-location.js';
import { readLabels } from '../labels/label-changes.js';
import { fleetFlags, withFleet } from '../operator/with-fleet.js';
import { isEveryAddress, isLinkLocal, isLoopback } from '../address/host-reach.js';
import { viewJoinToken } from '../output/join-token-view.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { readCloudlyUrl, readDurationMs } from '../flags/read-flag.js';
import { findServerUrl } from '../remote/server-access.js';
import { readServerAddress } from '../single-server/server-address.js';

const USES_MAX = 1_000_000;

const flags = {
  uses: { type: 'string', default: '1', description: 'How many new nodes it admits' },
  expires: { type: 'string', default: '24h', valueHint: 'duration', description: 'How long it admits new nodes' },
  approval: { type: 'boolean', description: 'An operator must approve each node' },
  'max-pending': {
    type: 'string',
    description: 'With --approval: how many nodes may wait at the same time (default: as many as --uses)',
  },
  description: { type: 'string', valueHint: 'text', description: 'What it is for, for other operators' },
  label: {
    type: 'string',
    valueHint: 'labels',
    description: 'The first labels of its nodes, separated by commas: shop=a,role=till',
  },
  json: jsonFlag,
  ...fleetFlags,
  url: {
    type: 'string',
    description: 'The address at which devices reach Cloudly (default: that of the server)',
  },
} as const;

export function joinTokenCreateCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'create', description: 'Create a join token and print the two lines for the device' },
    args: flags,
    run: async ({ args }) => {
      const options = readOptions(args);
      const givenUrl = args.url === undefined ? undefined : readCloudlyUrl('--url', args.url);
      const server = findServerUrl(args, context.env);
      const { joinToken, record, url } = await withFleet(context, args, async (fleet) => {
        const deviceUrl = givenUrl ?? server ?? (await serverUrl(databaseLocation(args, context.env)));
        return { ...(await fleet.createJoinToken(options)), url: deviceUrl };
      });
      if (args.json) writeJson(context.stdout, { url, joinToken, ...viewJoinToken(record, Date.now()) });
      else context.stdout.write(`BASEOS_CLOUDLY_URL=${url}\nBASEOS_JOIN_TOKEN=${joinToken}\n`);
      context.stderr.write(describeJoinToken(record) + reachability(url));
    },
  });
}

function readOptions(args: ParsedArgs<typeof flags>): NewJoinToken {
  const { approval: requiresApproval = false, 'max-pending': maxPending, description } = args;
  const labels = args.label === undefined ? undefined : readLabels(args.label.split(','));
  const uses = readWholeNumber('--uses', args.uses, { min: 1, max: USES_MAX });
  const expiresInMs = readDurationMs('--expires', args.expires, { min: '1s', max: '3650d' });
  const options = { uses, expiresInMs, requiresApproval, description, labels };
  if (maxPending === undefined) return options;
  if (!requiresApproval) throw new UsageError('--max-pending needs --approval: without it, no node waits.');
  return { ...options, maxPending: readWholeNumber('--max-pending', maxPending, { min: 1, max: USES_MAX }) };
}

function describeJoinToken({ id, maxUses, expiresAtMs, requiresApproval }: ShownJoinToken): string {
  const count = maxUses === 1 ? 'one new node' : `${maxUses} new nodes`;
  const approved = requiresApproval ? ', each after an operator approves it (`node approve`),' : '';
  return `Join token ${id} admits ${count}${approved} until ${new Date(expiresAtMs).toISOString()}. It is not shown again.\n`;
}

/** @throws UsageError if the data contains no address that a device could use. */
async function serverUrl(location: DatabaseLocation): Promise<string> {
  if (location.kind === 'postgres') {
    throw new UsageError(
      'Servers on PostgreSQL do not record their address. Give the address at which devices reach Cloudly with --url.',
    );
  }
  const url = await readServerAddress(location.path);
  if (url === undefined) {
    throw new UsageError(
      'No server is running on this data. Start it, or give the address at which devices reach Cloudly with --url.',
    );
  }
  if (!isCloudlyUrl(url)) {
    throw new UsageError(
      `${location.path}.address does not contain the address of a server. Restart the server, or give the ` +
        'address at which devices reach Cloudly with --url.',
    );
  }
  const { hostname, port } = new URL(url);
  if (isLinkLocal(hostname)) {
    throw new UsageError(
      'The server listens on a link-local address, which a URL cannot contain. Give the address at which devices reach Cloudly with --url.',
    );
  }
  if (isEveryAddress(hostname)) {
    throw new UsageError(
      `The server listens on every address of this machine, port ${port}. Give the one that devices use with --url.`,
    );
  }
  return url;
}

function isCloudlyUrl(text: string): boolean {
  try {
    return readCloudlyUrl('', text) === text;
  } catch {
    return false;
  }
}

function reachability(url: string): string {
  const { protocol, hostname } = new URL(url);
  if (isLoopback(hostname))
    return 'Only this machine can reach that address. For other devices, give an address that they can reach with --url.\n';
  if (protocol === 'https:') return '';
  return 'The address does not use TLS: the device also needs BASEOS_ALLOW_INSECURE_HTTP=1.\n';
}
