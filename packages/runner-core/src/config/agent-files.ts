import { dirname, join } from 'node:path';

/** The agent's live status, as JSON, in the run directory. */
export const STATUS_FILE_NAME = 'status.json';

/**
 * The deadline until which the agent counts as alive, a line of three words: whole seconds of uptime, as `/proc/uptime`
 * counts them; the second in which it was written; and the kernel's `boot_id`, or `-` where that is not known, since
 * uptimes of two boots cannot be told apart. The agent renews it with every step of its loop, whatever Cloudly and the
 * Supervisor do.
 */
export const HEALTHY_UNTIL_FILE_NAME = 'healthy-until';

/** What the agent logged last, a JSON object a line, whatever its log level is. */
export const RECENT_LOG_FILE_NAME = 'recent-log.jsonl';

/** Where the live status goes if `BASEOS_RUN_PATH` is not set: the first that can be written. */
export const defaultRunPaths: readonly string[] = ['/run/baseos', '/dev/shm/baseos'];

/** Beside the state file, since a run directory does not outlast the container. It is no part of the identity. */
export const LAST_HANG_FILE_NAME = 'last-hang.json';

/** The record of commands, beside the state file: a full disk may cost commands, and never the identity. */
const JOURNAL_FILE_NAME = 'journal.json';

export function journalPathOf(statePath: string): string {
  return join(dirname(statePath), JOURNAL_FILE_NAME);
}

/** How often agents of a gated device have started in vain, and for how long Cloudly has not answered them. */
const GATE_FILE_NAME = 'gate.json';

export function gatePathOf(statePath: string): string {
  return join(dirname(statePath), GATE_FILE_NAME);
}

/** The same beside the update lock, in the memory of the host, where the disk refuses writes. */
export function spareGatePathOf(lockPath: string): string {
  return join(dirname(lockPath), `baseos-${GATE_FILE_NAME}`);
}

/** Whether a file of that name belongs to the agent beside its state: a record, its copy, or what one of them is written as at first. */
export function isRecordFile(name: string): boolean {
  return /^(?:journal\.json(?:\.last-good)?|gate\.json)(?:\.tmp)?$/.test(name);
}
