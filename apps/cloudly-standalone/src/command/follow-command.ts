import { setTimeout as pause } from 'node:timers/promises';
import { type CommandRecord, commandState, isCommandOver } from '@serve.zone/baseos-cloudly-handlers';
import { isPassing } from './is-passing.js';

export interface FollowOptions {
  /** Reads the command as it is now. */
  read: () => Promise<CommandRecord>;
  /** Called with the command each time it may have changed. */
  show: (command: CommandRecord) => void;
  /** Called once for each time in which the fleet does not answer. */
  showTrouble: (error: Error) => void;
  /** Ends the waiting, and leaves the command as it is. */
  signal: AbortSignal;
  pauseMs?: number;
}

const PAUSE_MS = 1000;

/**
 * Reads a command each second until it is over. Whoever serves the nodes may be another process, so nothing tells of a
 * change. A database that does not answer is read again.
 *
 * @returns the command when it is over, `undefined` if the signal came first.
 */
export async function followCommand(options: FollowOptions): Promise<CommandRecord | undefined> {
  const { read, show, showTrouble, signal, pauseMs = PAUSE_MS } = options;
  let isInTrouble = false;
  while (!signal.aborted) {
    try {
      const command = await read();
      isInTrouble = false;
      show(command);
      if (isCommandOver(commandState(command, Date.now()))) return command;
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (!isInTrouble) showTrouble(error);
      isInTrouble = true;
    }
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}
