const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The limits for both sides. A reader rejects or truncates what exceeds them; a writer never sends it. */
export const limits = {
  /** A request or answer, in UTF-8. */
  bodyMaxBytes: 256 * 1024,
  /**
   * The `status` of a request, as JSON in UTF-8. A reader may count a fraction as 3 bytes, and an escape of a string as the
   * character.
   */
  statusMaxBytes: 128 * 1024,
  /** Arrays and objects inside each other, the message itself included. */
  bodyMaxDepth: 32,
  /** Any string in a message, in characters: Unicode code points. */
  stringMaxLength: 32 * 1024,
  /** A string that the contract names, in characters, unless it has a bound of its own. */
  textMaxLength: 4096,
  statusHashMaxLength: 64,
  /** Cloudly paces its nodes within these bounds. */
  heartbeatIntervalMinMs: 5 * SECOND_MS,
  heartbeatIntervalMaxMs: HOUR_MS,
  /** How long a request that waits to be woken may be held. */
  wakeWaitMinMs: 10 * SECOND_MS,
  wakeWaitMaxMs: 4 * MINUTE_MS,
  /** Commands that one answer lists. */
  commandsMax: 16,
  commandExpiresMaxMs: 7 * DAY_MS,
  /** The time that a command may run once it has begun. */
  commandTimeoutMinMs: SECOND_MS,
  commandTimeoutMaxMs: 7 * DAY_MS,
  commandSoakMaxMs: DAY_MS,
  /** Results that one heartbeat carries. */
  commandResultsMax: 32,
  /** The words of a result that come from a program on the device, in characters. */
  commandMessageMaxLength: 1000,
  /** The `details` of a result, as JSON in UTF-8. */
  commandDetailsMaxBytes: 2048,
  /** The maximum number of issues in a problem: more add no information, and an answer must stay small. */
  issuesMax: 16,
  /** A `Retry-After` is followed within these bounds. */
  retryAfterMinMs: SECOND_MS,
  retryAfterMaxMs: HOUR_MS,
  tokenMaxLength: 4096,
} as const;
