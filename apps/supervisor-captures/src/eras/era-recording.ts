import type { Recording } from '../recordings/recording.js';

/** An answer of a Supervisor of some era, with what the client has to make of it. */
export interface EraRecording extends Recording {
  /** The call that asks for it, in the words of whoever wrote it down. */
  call: string;
  /** As it stands in the file: `ok`, the code of an error, or `locked:` and whose lock it is. */
  expected: string;
  /** The releases that answer so, such as `v12.2.10`. */
  tags: readonly string[];
  /** What else is said of it, if anything. */
  note: string;
}
