import { spawn } from 'node:child_process';

/** How long a command of the operator may take before it is ended. */
const COMMAND_TIMEOUT_MS = 60_000;
const TOLD_MAX_CHARACTERS = 200;

/**
 * Runs a command line of the operator in a shell, with `{nodeId}` and the like replaced.
 *
 * @throws Error that says how it ended, where that is not with 0
 */
export function operatorCommand(commandLine: string, timeoutMs: number = COMMAND_TIMEOUT_MS) {
  return (about: Record<string, string>): Promise<void> =>
    new Promise((resolve, reject) => {
      const words = fill(commandLine, about);
      // In a process group of its own, so that what the shell has started ends with it.
      const detached = process.platform !== 'win32';
      const child = spawn(words, { shell: true, detached, stdio: ['ignore', 'ignore', 'pipe'] });
      let told = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (told = (told + text).slice(-TOLD_MAX_CHARACTERS)));
      const timer = setTimeout(() => {
        child.stderr.destroy();
        if (detached && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
        reject(new Error(`\`${words}\` did not end within ${timeoutMs} ms`));
      }, timeoutMs);
      child.on('error', reject);
      child.on('exit', (code, signal) => {
        clearTimeout(timer);
        if (code === 0) resolve();
        else reject(new Error(`\`${words}\` ended with ${code ?? signal}: ${told.trim() || 'and printed nothing'}`));
      });
    });
}

/** The values go into a shell: they must not contain anything that has a meaning to it. */
function fill(commandLine: string, about: Record<string, string>): string {
  return commandLine.replaceAll(/\{(?<name>\w+)\}/g, (place, name: string) => {
    const value = about[name];
    if (value === undefined) return place;
    if (!/^[\w.-]+$/.test(value)) throw new Error(`The ${name} of Cloudly cannot be used in a command`);
    return value;
  });
}
