import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Everything that a write would change in a folder and its files: content, times, modes, inodes. */
export function snapshotFolder(folder: string): Record<string, unknown> {
  const entries: Record<string, unknown> = { '.': factsOf(folder) };
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) entries[entry.name] = snapshotFolder(path);
    else if (entry.isFile()) entries[entry.name] = { ...factsOf(path), content: readFileSync(path, 'base64') };
    else entries[entry.name] = factsOf(path);
  }
  return entries;
}

function factsOf(path: string) {
  const { mode, uid, gid, ino, size, mtimeMs, ctimeMs } = statSync(path);
  return { mode, uid, gid, ino, size, mtimeMs, ctimeMs };
}
