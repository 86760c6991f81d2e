import type { EndingSignal, SignalSource } from '../cli/command-context.js';
import { endProcess } from './end-process.js';
import { exitUnheld } from './exit-unheld.js';

type Listener = Parameters<SignalSource['on']>[1];

const numbers: Readonly<Record<EndingSignal, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 };

/** The signals that stop the agent in an orderly way. */
export const endingSignals = Object.keys(numbers) as readonly EndingSignal[];

/**
 * The signals that end this process, from construction on. A signal without a listener ends the process, even as PID 1, where the
 * kernel would ignore it.
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

  /** The command is over: from now on, a signal ends the rest of the process with the command's exit code. */
  settle(): void {
    this.#isOver = true;
  }

  #hear(signal: EndingSignal): void {
    if (this.#isOver) return exitUnheld();
    const listeners = [...(this.#listeners.get(signal) ?? [])];
    for (const listener of listeners) listener();
    // Another signal after the listener is gone changes nothing: the process is about to end.
    if (listeners.length === 0 && !this.#isHeard) endBy(signal);
    this.#isHeard = true;
  }
}

/** Ends the process as the unhandled signal would, so that a shell sees which signal it was. */
function endBy(signal: EndingSignal): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // The kernel does not deliver it to PID 1.
  setTimeout(() => endProcess(128 + numbers[signal]), 50);
}
