import { constants } from 'node:os';
import type { CommandContext } from './command-context.js';

const endings = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Handles the signals that ask for an end from the start: at once, or as the command that traps them decides. Their
 * listener is never replaced: Node loses a signal that has arrived but was not yet delivered when the last listener is
 * removed.
 */
export function endingSignals(): Pick<CommandContext, 'trapSignals' | 'onHangup'> {
  let told: (signal: NodeJS.Signals) => void = end;
  let reread: (() => void) | undefined;
  const listener = (signal: NodeJS.Signals): void => {
    if (signal === 'SIGHUP' && reread) reread();
    else told(signal);
  };
  for (const signal of endings) process.on(signal, listener);

  return {
    trapSignals: () => {
      const ending = new AbortController();
      told = () => {
        // A second signal means that the user does not want to wait.
        told = end;
        ending.abort();
      };
      return ending.signal;
    },
    onHangup: (next) => void (reread = next),
  };
}

/** What Node does by default, and also as the first process of a container, where signals have no default effect. */
function end(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  setImmediate(() => process.exit(128 + constants.signals[signal]));
}
