import type { Program } from '@serve.zone/baseos-testing/processes/program';

/** For Node: time can be made to pass in the process. */
export const passTimeFlags = ['--import', new URL('pass-time.mjs', import.meta.url).href] as const;

/** More than an hour passes in the process, whose waits end. */
export async function passTimeIn(process: Program): Promise<void> {
  const passed = process.logged(/Time has passed/, process.logLength);
  process.signal('SIGUSR2');
  await passed;
}
