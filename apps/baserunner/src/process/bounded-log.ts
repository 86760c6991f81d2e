import type { LogStream } from '../cli/command-context.js';
import { standardErrorWriter, type WriteSome } from './standard-error-writer.js';

export interface BoundedLogOptions {
  /** @default a writer that never waits for stderr */
  writeSome?: WriteSome | undefined;
  /** How much is kept while the log is not read. @default 256 KiB */
  waitingMaxBytes?: number | undefined;
}

/** How often writing is retried while the log is not read. */
const RETRY_MS = 250;

/**
 * The agent's log on stderr, which may be a stopped terminal (Ctrl-S), a pipe without a reader, or a file on a full or
 * hanging disk. Lines that cannot be written wait, up to a limit; further lines are dropped and counted.
 */
export class BoundedLog implements LogStream {
  readonly #writeSome: WriteSome;
  readonly #waitingMaxBytes: number;
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #linesLeftOut = 0;
  #onGap: (lines: number) => void = () => undefined;
  /** Until a write has ended, or it is time to try again. */
  #isHeld = false;
  /** The reader has the beginning of a line. The first waiting piece is its rest, unless that was lost. */
  #isMidLine = false;
  #isRest = false;
  #onEmpty: (() => void) | undefined;

  constructor({ writeSome = standardErrorWriter(), waitingMaxBytes = 256 * 1024 }: BoundedLogOptions = {}) {
    this.#writeSome = writeSome;
    this.#waitingMaxBytes = waitingMaxBytes;
  }

  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#waiting.length > 0 && this.#waitingBytes + bytes.length > this.#waitingMaxBytes) {
      this.#linesLeftOut += 1;
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#writeOn();
  }

  onGap(listener: (lines: number) => void): void {
    this.#onGap = listener;
  }

  /** Resolves when everything is written, at the latest after that time. */
  async flushed(withinMs: number): Promise<void> {
    if (this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #writeOn(): void {
    while (!this.#isHeld && this.#waiting[0]) {
      if (this.#isMidLine && !this.#isRest) this.#beginLine(this.#waiting[0]);
      const taken = this.#writeSome(this.#waiting[0]);
      if (taken instanceof Promise) void this.#hold(taken);
      else this.#take(taken);
    }
  }

  async #hold(until: Promise<number | 'lost'>): Promise<void> {
    this.#isHeld = true;
    const taken = await until;
    this.#isHeld = false;
    this.#take(taken);
    this.#writeOn();
  }

  #take(taken: number | 'lost'): void {
    const line = this.#waiting.shift() ?? new Uint8Array();
    const isWhole = taken === line.length;
    this.#waitingBytes -= taken === 'lost' ? line.length : taken;
    if (taken === 'lost') {
      this.#linesLeftOut += 1;
      this.#isRest = false;
    } else {
      this.#isMidLine = !isWhole && (this.#isMidLine || taken > 0);
      this.#isRest = this.#isMidLine;
    }
    if (taken !== 'lost' && !isWhole) {
      this.#waiting.unshift(line.subarray(taken));
      this.#tryLater();
    }
    if (this.#waiting.length > 0) return;
    if (isWhole) this.#reportGap();
    this.#onEmpty?.();
  }

  /** A gap ends with the line in which it began. */
  #beginLine(line: Uint8Array): void {
    this.#waiting[0] = Buffer.concat([Buffer.from('\n'), line]);
    this.#waitingBytes += 1;
    this.#isRest = true;
  }

  #tryLater(): void {
    this.#isHeld = true;
    // The log alone does not keep the process alive.
    setTimeout(() => {
      this.#isHeld = false;
      this.#writeOn();
    }, RETRY_MS).unref();
  }

  /** In its place, after everything that was written before it: there is room now. */
  #reportGap(): void {
    const lines = this.#linesLeftOut;
    if (lines === 0) return;
    this.#linesLeftOut = 0;
    this.#onGap(lines);
  }
}
