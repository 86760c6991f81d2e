import { basename } from 'node:path';

/** The files of a fleet: the database itself, what SQLite keeps beside it, and a note about its newest log. */
export const fleetFiles = (path: string) => ({
  main: path,
  log: `${path}-wal`,
  index: `${path}-shm`,
  journal: `${path}-journal`,
  note: `${path}-wal-mark`,
});

/** Beside the database, which whoever copies or removes that copies or removes too. */
export const companionsOf = (path: string): string[] => {
  const { main: _main, ...companions } = fleetFiles(path);
  return Object.values(companions);
};

export const nameOf = (path: string): string => basename(path);
