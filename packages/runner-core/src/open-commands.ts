import type { ResolvedOptions } from './base-runner-options.js';
import { acceptedCommands } from './commands/policy/accepted-commands.js';
import { openMemoryJournal } from './commands/journal/memory-journal.js';
import type { JournalNode } from './commands/journal/command-journal.js';
import { CommandWorker } from './commands/worker/command-worker.js';
import type { Identity } from './identity/identity.js';
import type { IdentityStore } from './identity/identity-store.js';
import { deviceBootId } from './status/device-boot-id.js';
import { inSentences } from './values/problem.js';

export interface OpenCommandsOptions {
  options: ResolvedOptions;
  store: IdentityStore;
  onNews: () => void;
  stopping: AbortSignal;
  abandon: AbortSignal;
}

/** What carries out the commands of this node, with what an earlier agent has left of them. */
export async function openCommands({
  options,
  store,
  onNews,
  stopping,
  abandon,
}: OpenCommandsOptions): Promise<CommandWorker> {
  const { config, openJournal, machine, clock, logger } = options;
  // The placeholder for an identity that cannot be read belongs to no node, and neither does a journal.
  const open = store.source === 'unreadable' ? openMemoryJournal : openJournal;
  const journal = await open(journalNode(store.current, config.cloudlyUrl?.origin ?? ''));
  const { notice } = journal.found;
  if (notice) logger.warn(inSentences(notice), { code: notice.code });
  const kernelBootId = deviceBootId();
  const worker = new CommandWorker({
    journal,
    device: undefined,
    accepted: acceptedCommands(config),
    clock,
    logger,
    uptime: () => ({ kernelBootId, uptimeMs: machine.uptimeMs() }),
    onNews,
    stopping,
    abandon,
  });
  worker.start();
  return worker;
}

function journalNode({ nodeId, enrolment }: Identity, origin: string): JournalNode {
  return {
    nodeId,
    origin: enrolment?.registrationOrigin ?? (enrolment?.origin || origin),
    isEnrolled: enrolment?.nodeToken !== undefined || enrolment?.cloudlyId !== undefined,
  };
}
