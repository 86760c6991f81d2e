import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** How a process ended: one of the two is null, as in Node. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ProgramOptions {
  /** The complete environment, but for where Node keeps what it has compiled. @default {} */
  env?: Readonly<Record<string, string | undefined>>;
  cwd?: string;
  /** A command in front of the program, such as one that enters another network namespace. @default [] */
  enter?: readonly string[];
  /** What runs it. @default this Node */
  by?: string;
}

/** Hundreds of processes run the same program: the first of them compiles it for all. */
function compileCache(): Record<string, string> {
  const { NODE_COMPILE_CACHE } = process.env;
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A process of a program, with everything that it has written so far. It ends with this process at the latest. */
export class Program {
  readonly exited: Promise<Exit>;
  stdout = '';
  stderr = '';
  /** Both, as they came. */
  output = '';
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #looks = new Set<() => void>();

  constructor(argv: readonly string[], { env = {}, cwd, enter = [], by = process.execPath }: ProgramOptions = {}) {
    const [command = by, ...rest] = [...enter, by, ...argv];
    this.#child = spawn(command, rest, { env: { ...compileCache(), ...env }, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of ['stdout', 'stderr'] as const) {
      this.#child[stream].setEncoding('utf8').on('data', (text: string) => {
        this[stream] += text;
        this.output += text;
        for (const look of this.#looks) look();
      });
    }
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

  /** The current length of its log, for {@link logged} to search what comes after. */
  get logLength(): number {
    return this.stderr.length;
  }

  /**
   * Resolves with the first match in its log, now or later. Rejects with the whole log if the process ends without a match.
   */
  async logged(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
    return this.#match(pattern, () => this.stderr.slice(from));
  }

  /** The same for what it writes to either stream. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#match(pattern, () => this.output);
  }

  async #match(pattern: RegExp, written: () => string): Promise<RegExpExecArray> {
    const find = (): RegExpExecArray | null => pattern.exec(written());
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
      throw new Error(`It ended (${code ?? signal}) without ${String(pattern)} in what it wrote:\n${written()}`);
    });
    try {
      return await Promise.race([seen, ended]);
    } finally {
      this.#looks.delete(look);
      ended.catch(() => undefined);
    }
  }

  /** Stops reading its standard output, as `head` does when it has seen enough. */
  closeStdout(): void {
    this.#child.stdout.destroy();
  }

  /** Stops reading its log, as a collector that has died. */
  closeStderr(): void {
    this.#child.stderr.destroy();
  }

  /** Sends a signal, without waiting. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> {
    if (this.isRunning) this.#child.kill(signal);
    return this.exited;
  }
}
