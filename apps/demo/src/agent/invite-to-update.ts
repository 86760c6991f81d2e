import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Supervisor } from '@serve.zone/balena-supervisor-emulator';
import { baseRunnerPath } from './start-base-runner.js';

/**
 * Gives the emulated device a new release to run, and says how to ask for it by hand.
 *
 * @param variables BaseRunner's own; they go to a file that only this user can read, as a key is among them.
 */
export async function inviteToUpdate(options: {
  supervisor: Supervisor;
  variables: Readonly<Record<string, string>>;
  folder: string;
}): Promise<string> {
  const commit = randomBytes(16).toString('hex');
  options.supervisor.releaseAvailable({ commit });
  const script = join(options.folder, 'device.sh');
  const lines = Object.entries(options.variables).map(([name, value]) => `export ${name}=${quote(value)}`);
  lines.push(`baserunner() { ${quote(process.execPath)} ${quote(baseRunnerPath())} "$@"; }`, '');
  await writeFile(script, lines.join('\n'), { mode: 0o600 });
  return (
    `\nAnother release of the app is available for this device: ${commit.slice(0, 7)}. To request it from the Supervisor, run in another terminal:\n` +
    `    . ${quote(script)}\n` +
    '    baserunner request-update\n' +
    '    baserunner status\n'
  );
}

/** One word for a POSIX shell. */
function quote(text: string): string {
  return /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
