import { readdirSync, readFileSync } from 'node:fs';

/** The memory of a process, in megabytes: all that is resident, and what of it no file backs. Linux only. */
export function memoryOf(pid) {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)[1]) / 1024;
  return { residentMb: megabytes('Rss'), anonymousMb: megabytes('Anonymous') };
}

/** The processor time of a process until now, in milliseconds: of all its threads that still run. Linux only. */
export function cpuMsOf(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map(
    (thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0],
  );
  return nanoseconds.reduce((sum, one) => sum + Number(one), 0) / 1e6;
}
