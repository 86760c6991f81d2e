import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** How many files and connections such a program may have open. */
export const FILES_MAX = 100;

/** A program that listens, in a process of its own, so that what nobody catches in it ends it. */
export class ListeningProgram {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  #output = '';

  /** @param env all of its environment */
  constructor(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const limited = ['-c', `ulimit -n ${FILES_MAX} && exec "$0" "$@"`, process.execPath, ...argv];
    this.#child = spawn('/bin/sh', limited, { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#exited = once(this.#child, 'close');
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get output(): string {
    return this.#output;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves with what the pattern finds in its output, now or later. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.#output);
      if (found) return found;
      if (this.hasEnded) throw new Error(`It ended without ${String(pattern)}:\n${this.#output}`);
      await Promise.race([
        ...[this.#child.stdout, this.#child.stderr].map((stream) => stream && once(stream, 'data')),
        this.#exited,
      ]);
    }
  }

  /** Resolves when it has ended; null where a signal did that. */
  async exitCode(): Promise<number | null> {
    await this.#exited;
    return this.#child.exitCode;
  }

  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
