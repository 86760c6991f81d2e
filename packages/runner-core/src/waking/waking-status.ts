/** How a running agent hears of commands between its heartbeats. */
export interface WakingStatus {
  /**
   * - `off`: by `BASEOS_WAKE`.
   * - `unknown`: Cloudly accepts no heartbeat at present, and only an answer offers it.
   * - `not-offered`: Cloudly wakes no nodes, or not this one.
   * - `on`: a request waits at Cloudly, or will in some seconds.
   * - `failing`: requests fail, so commands arrive with heartbeats. It is tried again, later each time.
   */
  state: 'off' | 'unknown' | 'not-offered' | 'on' | 'failing';
  /** Whether a request waits. */
  isWaiting: boolean;
  /** Only while it fails. */
  failure?:
    | {
        inARow: number;
        /** RFC 3339, by the device's clock: when the first of them failed. */
        since: string;
        /** Why the last one failed, as a sentence. */
        reason: string;
      }
    | undefined;
}

export const wakingOff: WakingStatus = { state: 'off', isWaiting: false };
