import { basename } from 'node:path';

/** The files of a fleet: the database itself, what SQLite keeps beside it, and a note about its newest log. */
export function fleetFiles(path: string) {
  return {
    main: path,
    log: `${path}-wal`,
    index: `${path}-shm`,
    journal: `${path}-journal`,
    note: `${path}-wal-mark`,
  };
}

/** The files beside the database, which are copied, moved and removed together with it. */
export function companionsOf(path: string): string[] {
  const { main: _main, ...companions } = fleetFiles(path);
  return Object.values(companions);
}

export function nameOf(path: string): string {
  return basename(path);
}
