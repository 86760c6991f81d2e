import type { EndingSignal, SignalSource } from '../cli/command-context.js';
import { endProcess } from './end-process.js';
import { exitUnheld } from './exit-unheld.js';

type Listener = Parameters<SignalSource['on']>[1];

const numbers: Readonly<Record<EndingSignal, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 };

/** What ends the agent in order. */
export const endingSignals = Object.keys(numbers) as readonly EndingSignal[];

/**
 * The signals that end this process, from the moment on at which this is made. What nobody listens to ends the process, as
 * PID 1 too, where the kernel itself would do nothing.
 */
export class ProcessSignals implements SignalSource {
  readonly #listeners = new Map<EndingSignal, Set<Listener>>();
  #isHeard = false;
  #isOver = false;

  constructor() {
    for (const signal of endingSignals) {
      this.#listeners.set(signal, new Set());
      process.on(signal, () => this.#hear(signal));
    }
  }

  on(signal: EndingSignal, listener: Listener): void {
    this.#listeners.get(signal)?.add(listener);
  }

  off(signal: EndingSignal, listener: Listener): void {
    this.#listeners.get(signal)?.delete(listener);
  }

  /** The command is over: a signal that comes now ends what is left of the process, with the exit code of the command. */
  settle(): void {
    this.#isOver = true;
  }

  #hear(signal: EndingSignal): void {
    if (this.#isOver) return exitUnheld();
    const listeners = [...(this.#listeners.get(signal) ?? [])];
    for (const listener of listeners) listener();
    // A further one, after whoever heard the first has let go, changes nothing: the end is near.
    if (listeners.length === 0 && !this.#isHeard) endBy(signal);
    this.#isHeard = true;
  }
}

/** As the signal would have ended a process that does not handle it, so that a shell learns what it was. */
function endBy(signal: EndingSignal): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // The kernel keeps it from a PID 1.
  setTimeout(() => endProcess(128 + numbers[signal]), 50);
}
