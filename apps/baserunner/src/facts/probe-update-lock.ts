import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CommandContext } from '../cli/command-context.js';

/** The update lock of this service: the Supervisor checks it before it updates the service. */
export interface UpdateLockFacts {
  path: string;
  /** When the lock was taken, RFC 3339. */
  heldSince?: string | undefined;
  /** Whether the Supervisor holds it, as it does while it replaces the service. */
  isOfSupervisor?: boolean | undefined;
}

/** The user under which the Supervisor creates its own locks, since 13.1. */
const supervisorUid = 65_534;
const usualPaths = ['/tmp/balena/updates.lock', '/tmp/resin/resin-updates.lock'];

/** Looks for the lock; `undefined` if balenaOS mounts no folder for locks. */
export async function probeUpdateLock(
  env: CommandContext['env'],
  paths = usualPaths,
): Promise<UpdateLockFacts | undefined> {
  const named = env['BALENA_APP_LOCK_PATH'] || env['RESIN_APP_LOCK_PATH'];
  const places = named ? [named] : paths;
  for (const path of places) {
    const file = await lstat(path).catch(() => undefined);
    if (file) return { path, heldSince: file.mtime.toISOString(), isOfSupervisor: file.uid === supervisorUid };
  }
  for (const path of places) if (await lstat(dirname(path)).catch(() => undefined)) return { path };
  return undefined;
}
