import { type CommandOrder, commandMistake, type RolloutCommand } from '@serve.zone/baseos-cloudly-handlers';
import { readWholeNumber, UsageError } from '@serve.zone/baseos-command-line';
import { type CommandKind, commandKinds } from '@serve.zone/baseos-contracts';
import { readDurationMs, readOneOf } from '../flags/read-flag.js';

/** The flags that say what a node is asked to do. */
export const orderFlags = {
  kind: {
    type: 'positional',
    required: true,
    called: 'a kind of command',
    offers: commandKinds.filter((kind) => kind !== 'preview'),
    description: `What to do: ${commandKinds.filter((kind) => kind !== 'preview').join(', ')}`,
  },
  service: { type: 'string', description: 'The service, of restart-service, start-service and stop-service' },
  'app-id': { type: 'string', description: 'The ID of the app, for a device with several' },
  commit: { type: 'string', description: 'The release to install, of update; a device with another target refuses' },
  force: { type: 'boolean', description: 'Override update locks, if the device accepts that' },
  expires: { type: 'string', default: '1h', description: 'How long the node may wait until it begins, up to 7d' },
  timeout: { type: 'string', description: 'How long the command may run once it has begun, 1s to 7d' },
  soak: { type: 'string', description: 'How long the services must then keep running, up to 24h' },
  preview: { type: 'boolean', description: 'Only ask what would be done' },
} as const;

export interface OrderArguments {
  kind: string;
  service?: string | undefined;
  'app-id'?: string | undefined;
  commit?: string | undefined;
  force?: boolean | undefined;
  expires: string;
  timeout?: string | undefined;
  soak?: string | undefined;
  preview?: boolean | undefined;
}

/** @throws UsageError for a command that no node could carry out. */
export function readOrder(args: OrderArguments): CommandOrder {
  const asked = readAsked(args);
  const expiresInMs = readDurationMs('--expires', args.expires, { min: '1s', max: '7d' });
  return checkOrder({ ...(args.preview ? { kind: 'preview', of: asked } : asked), expiresInMs }, expiresInMs);
}

/** The command of a rollout, whose limits say how long it is due. The same errors. */
export function readRolloutCommand(args: Omit<OrderArguments, 'expires' | 'preview'>): RolloutCommand {
  const command = readAsked(args);
  checkOrder(command, 0);
  return command;
}

function readAsked(args: Omit<OrderArguments, 'expires' | 'preview'>): RolloutCommand {
  const { service, commit, timeout, soak, force } = args;
  const kind = readOneOf('The kind of command', args.kind, carriedOut);
  const appId = args['app-id'];
  return {
    kind,
    ...(force && { force }),
    ...(service !== undefined && { service }),
    ...(commit !== undefined && { commit }),
    ...(appId !== undefined && { appId: readWholeNumber('--app-id', appId, { min: 1, max: Number.MAX_SAFE_INTEGER }) }),
    ...(timeout !== undefined && { timeoutMs: readDurationMs('--timeout', timeout, { min: '1s', max: '7d' }) }),
    ...(soak !== undefined && { soakMs: readDurationMs('--soak', soak, { min: '0s', max: '24h' }) }),
  };
}

function checkOrder(order: CommandOrder, expiresInMs: number): CommandOrder {
  const mistake = commandMistake({ ...order, id: ANY_ID, expiresInMs });
  if (mistake !== undefined) throw new UsageError(`${mistake}.`);
  return order;
}

const carriedOut = commandKinds.filter((kind): kind is Exclude<CommandKind, 'preview'> => kind !== 'preview');

const ANY_ID = '00000000-0000-4000-8000-000000000000';
