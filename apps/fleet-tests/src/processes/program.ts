import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A process of a Node program, and all that it has written so far. It ends with this process at the latest. */
export class Program {
  readonly exited: Promise<Exit>;
  stdout = '';
  stderr = '';
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #looks = new Set<() => void>();

  /** @param env all of its environment: nothing of this process's own gets there. */
  constructor(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(process.execPath, argv, { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      for (const look of this.#looks) look();
    });
    running.add(this.#child);
    this.#child.once('close', () => running.delete(this.#child));
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

  /** Where its log stands now, for {@link logged} to look at what comes after. */
  get logLength(): number {
    return this.stderr.length;
  }

  /**
   * Resolves with the first match in its log, be it there or still to come. Rejects with the whole log if the process ends
   * without.
   */
  async logged(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
    const find = (): RegExpExecArray | null => pattern.exec(this.stderr.slice(from));
    let look = (): void => undefined;
    const seen = new Promise<RegExpExecArray>((resolve) => {
      look = () => {
        const found = find();
        if (found) resolve(found);
      };
      this.#looks.add(look);
      look();
    });
    const ended = this.exited.then(({ code, signal }) => {
      const found = find();
      if (found) return found;
      throw new Error(`It ended (${code ?? signal}) without ${String(pattern)} in its log:\n${this.stderr}`);
    });
    try {
      return await Promise.race([seen, ended]);
    } finally {
      this.#looks.delete(look);
      ended.catch(() => undefined);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> {
    if (this.isRunning) this.#child.kill(signal);
    return this.exited;
  }
}
