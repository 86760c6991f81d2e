import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The first process of a PostgreSQL server, by the folder of its socket, beside which its data is. */
export function postmasterPidOf(url) {
  const folder = new URL(url.replace('@/', '@localhost/')).searchParams.get('host');
  return Number.parseInt(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8'), 10);
}

/** What the processes of PostgreSQL have used of the CPU, in microseconds. */
export function databaseCpu(postmasterPid) {
  const ticks = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ');
        return Number(fields[1]) === postmasterPid || Number(pid) === postmasterPid
          ? [Number(fields[11]) + Number(fields[12])]
          : [];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
  return ticks.reduce((sum, some) => sum + some, 0) * 10_000;
}
