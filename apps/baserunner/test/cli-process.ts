import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process of the CLI, and all that it wrote. */
export class CliProcess {
  readonly exited: Promise<Exit>;
  stdout = '';
  stderr = '';
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #waiting = new Set<() => void>();

  /**
   * @param env all of its environment: nothing of this process's own gets there.
   * @param enter what starts it somewhere else, such as in another network namespace
   */
  constructor(
    cliPath: string,
    argv: readonly string[],
    env: Record<string, string>,
    nodeFlags: readonly string[] = [],
    cwd?: string,
    enter: readonly string[] = [],
  ) {
    const [command = process.execPath, ...rest] = [...enter, process.execPath, ...nodeFlags, cliPath, ...argv];
    this.#child = spawn(command, rest, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      for (const look of this.#waiting) look();
    });
    this.exited = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code, signal) => resolve({ code, signal }));
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves once the log has a match. Rejects with the whole log if the process ends without. */
  async logged(pattern: RegExp): Promise<void> {
    const seen = new Promise<void>((resolve) => {
      const look = (): void => {
        if (!pattern.test(this.stderr)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
    const ended = this.exited.then(({ code, signal }) => {
      if (pattern.test(this.stderr)) return;
      throw new Error(`It ended (${code ?? signal}) without ${String(pattern)} in its log:\n${this.stderr}`);
    });
    await Promise.race([seen, ended]);
  }

  /** Stops reading what it writes to stdout, as `head` does when it has seen enough. */
  closeStdout(): void {
    this.#child.stdout.destroy();
  }

  /** Stops reading the log, as a collector does that died. */
  closeStderr(): void {
    this.#child.stderr.destroy();
  }

  /** Sends a signal and goes on at once. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> {
    if (this.isRunning) this.#child.kill(signal);
    return this.exited;
  }
}
