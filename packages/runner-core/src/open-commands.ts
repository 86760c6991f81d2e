import type { ResolvedOptions } from './base-runner-options.js';
import { actionOf } from './commands/actions/action-of.js';
import { preview } from './commands/actions/preview.js';
import { ownContainerId } from './commands/device/own-container-id.js';
import { readDeviceView } from './commands/device/read-device-view.js';
import { acceptedCommands } from './commands/policy/accepted-commands.js';
import { openMemoryJournal } from './commands/journal/memory-journal.js';
import { journalNode } from './commands/journal/journal-node.js';
import { CommandWorker } from './commands/worker/command-worker.js';
import type { CommandedDevice } from './commands/worker/worker-context.js';
import type { IdentityStore } from './identity/identity-store.js';
import { deviceBootId } from './status/device-boot-id.js';
import { inSentences } from './values/problem.js';

export interface OpenCommandsOptions {
  options: ResolvedOptions;
  store: IdentityStore;
  /** As it was read last. */
  storageFreeBytes: () => number | undefined;
  onNews: () => void;
  stopping: AbortSignal;
  abandon: AbortSignal;
}

/** What carries out the commands of this node, with what an earlier agent has left of them. */
export async function openCommands({
  options,
  store,
  storageFreeBytes,
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
    device: commandedDevice(options, { kernelBootId, storageFreeBytes }),
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
  return worker;
}

/** The device as far as the options give access to it. */
function commandedDevice(
  { config, commandSupervisor: supervisor, clock }: ResolvedOptions,
  {
    kernelBootId,
    storageFreeBytes,
  }: Pick<OpenCommandsOptions, 'storageFreeBytes'> & { kernelBootId: string | undefined },
): CommandedDevice | undefined {
  if (!supervisor) return undefined;
  const { supervisorAddress: address, device } = config;
  const own = { appId: device.appId, service: device.serviceName, containerId: ownContainerId() };
  return {
    calls: supervisor,
    look: async (signal) => readDeviceView({ supervisor, address, kernelBootId, own }, { clock, signal }),
    actionOf,
    preview: (of, view, refusal) => preview({ of, view, refusal, storageFreeBytes: storageFreeBytes() }),
  };
}
