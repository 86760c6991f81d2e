import type { Era } from './era.js';

/** The Supervisor's words for a request that a user's lock blocks. */
export function lockWords(era: Era, appId: number, serviceName: string): string {
  const exists = `EEXIST: file already exists, open '${lockPathOf(era, appId, serviceName)}'`;
  if (era.lockWordsAreOfFile) return `Updates are locked: ${exists}`;
  // It finds the ID in the file's path by its length.
  if (era.lockWordsAreJsonText) {
    const isFound = /^\d{7}$/.test(String(appId));
    return isFound ? `Lockfile exists for ${JSON.stringify({ serviceName, appId: String(appId) })}` : exists;
  }
  if (era.lockWordsAreJson) return `Lockfile exists for ${JSON.stringify({ serviceName, appId })}`;
  return `Lockfile exists for { appId: ${appId}, service: ${serviceName} }`;
}

/** The possible names of a lock file, in the order in which the Supervisor takes them. */
export function lockNames({ onlyResinLock }: Era): readonly string[] {
  return onlyResinLock ? ['resin-updates.lock'] : ['updates.lock', 'resin-updates.lock'];
}

function lockPathOf(era: Era, appId: number, serviceName: string): string {
  const [name = ''] = lockNames(era);
  const folder = era.onlyResinLock ? '/mnt/root/tmp/resin-supervisor' : '/mnt/root/tmp/balena-supervisor';
  return era.lockIsOfApp ? `${folder}/${appId}/${name}` : `${folder}/services/${appId}/${serviceName}/${name}`;
}
