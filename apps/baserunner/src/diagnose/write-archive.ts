import { open, rm } from 'node:fs/promises';
import { createTar } from 'nanotar';

/** A gzipped tar of texts, all in one folder. */
export function makeArchive(folder: string, files: Readonly<Record<string, string>>, madeMs: number): Uint8Array {
  const attrs = { mode: '600', uid: 0, gid: 0, mtime: madeMs };
  const items = Object.entries(files).map(([name, data]) => ({ name: `${folder}/${name}`, data, attrs }));
  return process.getBuiltinModule('node:zlib').gzipSync(Buffer.concat([createTar(items), endOfArchive]));
}

/** Two empty blocks. `createTar` fills its last record up with them, unless the files end where the record does. */
const endOfArchive = new Uint8Array(1024);

/**
 * Writes a private file, and never leaves an incomplete one. Rejects with `EEXIST` if there is something, even a
 * dangling link.
 */
export async function writeNewFile(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.close();
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
}
