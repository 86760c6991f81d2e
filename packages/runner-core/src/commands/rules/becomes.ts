import type { CommandAction } from '../actions/command-action.js';
import type { EntryState } from '../journal/journal-entry.js';

/** What becomes of an entry of the journal whose fate is open. */
export type Becomes =
  /** It was not begun; Cloudly lists it again while it is due. */
  | 'forgotten'
  /** The device shows how it ends. */
  | 'watched'
  /** The same, and the Supervisor may be asked a second time, because that changes nothing. */
  | 'watched-or-asked-again'
  /** Nothing on the device can tell how it ended. */
  | 'interrupted'
  /** Its result is sent until a 200 takes it; it never starts again. */
  | 'sent-again'
  /** Cloudly has its result. */
  | 'nothing';

/** What the question depends on beside the state of the entry. */
export interface OpenCommand {
  kind: string;
  force?: boolean | undefined;
}

/**
 * What becomes of an entry at a start of the agent, or when the Supervisor's answer was lost. Total over all states and
 * kinds, also those that only a newer version knows.
 */
export function becomes(
  state: EntryState,
  { kind, force }: OpenCommand,
  action: Pick<CommandAction, 'survivesRestart'> | undefined,
): Becomes {
  if (state === 'taken') return 'forgotten';
  if (state === 'ended') return 'sent-again';
  if (state === 'told') return 'nothing';
  if (action === undefined || !action.survivesRestart) return 'interrupted';
  return kind === 'update' && force !== true ? 'watched-or-asked-again' : 'watched';
}
