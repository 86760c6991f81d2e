import type { Recording } from '../recordings/recording.js';

/** An answer of a Supervisor of some era, with what the client has to make of it. */
export interface EraRecording extends Recording {
  /** The call that asks for it, in the words of whoever wrote it down. */
  readonly call: string;
  /** As it stands in the file: `ok`, the code of an error, or `locked:` and whose lock it is. */
  readonly expected: string;
  /** The releases that answer so, such as `v12.2.10`. */
  readonly tags: readonly string[];
  /** What else is said of it, if anything. */
  readonly note: string;
}
