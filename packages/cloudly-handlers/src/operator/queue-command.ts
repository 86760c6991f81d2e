import { type Command, type CommandKind, commandKinds, commandSchema } from '@serve.zone/baseos-contracts';
import type { CommandRecord } from '../fleet/command-record.js';
import type { FleetStore } from '../fleet/fleet-store.js';
import type { OperatorOptions } from './operator.js';
import { runtime } from '../fleet/runtime.js';

export interface CommandOrder extends Pick<Command, 'force' | 'appId' | 'service'> {
  kind: CommandKind;
  /**
   * How long the command is due, up to seven days. The node does not begin the command after that time.
   *
   * @default 1 hour
   */
  expiresInMs?: number | undefined;
}

const EXPIRES_IN_MS = 3_600_000;

/**
 * Sends a command to a node: the answers to its heartbeats list the command while it is due. A command is executed at
 * most once. Cancel and list with the store's own `cancelCommand` and `listCommands`; `commandState` derives its state.
 *
 * @returns the stored command, `undefined` if there is no such node.
 * @throws TypeError for a command that the contract does not allow.
 */
export async function queueCommand(
  store: FleetStore,
  nodeId: string,
  order: CommandOrder,
  options: OperatorOptions = {},
): Promise<CommandRecord | undefined> {
  const { kind, force, appId, service, expiresInMs = EXPIRES_IN_MS } = order;
  const asked = {
    id: globalThis.crypto.randomUUID(),
    kind,
    ...(force !== undefined && { force }),
    ...(appId !== undefined && { appId }),
    ...(service !== undefined && { service }),
  };
  requireCommand({ ...asked, expiresInMs });
  const queuedAtMs = (options.now ?? runtime.now)();
  const command: CommandRecord = { ...asked, queuedAtMs, expiresAtMs: queuedAtMs + expiresInMs };
  const outcome = await store.addCommand(nodeId, command);
  return outcome === 'added' ? command : undefined;
}

/** Also for callers without type checks. */
function requireCommand(command: Command): void {
  if (!commandKinds.some((kind) => kind === command.kind)) {
    throw new TypeError(`Unknown command kind ${command.kind}. Known kinds: ${commandKinds.join(', ')}`);
  }
  const result = commandSchema['~standard'].validate(command);
  if (result instanceof Promise || !result.issues) return;
  const places = result.issues.map(({ path = [], message }) => `${path.map(keyOf).join('.')}: ${message}`);
  throw new TypeError(`The contract does not allow this command (${places.join('; ')})`);
}

function keyOf(segment: PropertyKey | { key: PropertyKey }): string {
  return String(typeof segment === 'object' ? segment.key : segment);
}
