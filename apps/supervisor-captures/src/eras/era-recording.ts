import type { Recording } from '../recordings/recording.js';

/** An answer of a Supervisor of some era, and how the client must interpret it. */
export interface EraRecording extends Recording {
  /** The call that asks for it, as named in the file. */
  call: string;
  /** As it stands in the file: `ok`, the code of an error, or `locked:` and whose lock it is. */
  expected: string;
  /** The releases that answer so, such as `v12.2.10`. */
  tags: readonly string[];
  /** A further note, if there is one. */
  note: string;
}
