import type { ResolvedOptions } from './base-runner-options.js';
import { acceptedCommands } from './commands/policy/accepted-commands.js';
import { openMemoryJournal } from './commands/journal/memory-journal.js';
import { journalNode } from './commands/journal/journal-node.js';
import { CommandWorker } from './commands/worker/command-worker.js';
import type { CommandedDevice } from './commands/worker/worker-context.js';
import type { ReleaseGate } from './gate/release-gate.js';
import type { IdentityStore } from './identity/identity-store.js';
import { deviceBootId } from './status/device-boot-id.js';
import { inSentences } from './values/problem.js';

export interface OpenCommandsOptions {
  options: ResolvedOptions;
  store: IdentityStore;
  device: CommandedDevice | undefined;
  gate: ReleaseGate;
  onNews: () => void;
  stopping: AbortSignal;
  abandon: AbortSignal;
}

/** What carries out the commands of this node, with what an earlier agent has left of them. */
export async function openCommands({
  options,
  store,
  device,
  gate,
  onNews,
  stopping,
  abandon,
}: OpenCommandsOptions): Promise<CommandWorker> {
  const { config, openJournal, machine, clock, logger } = options;
  // The placeholder for an identity that cannot be read belongs to no node, and neither does a journal.
  const openTheirs = store.source === 'unreadable' ? openMemoryJournal : openJournal;
  const journal = await openTheirs(journalNode(store.current, config.cloudlyUrl?.origin ?? ''));
  const { notice } = journal.found;
  if (notice) logger.warn(inSentences(notice), { code: notice.code });
  // Of many agents in one process, only those with a device need it.
  const kernelBootId = options.commandSupervisor && deviceBootId();
  const worker = new CommandWorker({
    journal,
    device,
    gate,
    accepted: acceptedCommands(config),
    onCommand: options.onCommand,
    clock,
    logger,
    uptime: () => ({ kernelBootId, uptimeMs: machine.uptimeMs() }),
    onNews,
    stopping,
    abandon,
  });
  worker.start();
  const { updates, openUpdateIds } = worker;
  await gate.start({ updates, openUpdateIds });
  return worker;
}
