/** Time as BaseRunner sees it; a simulation brings its own. */
export interface Clock {
  /** Milliseconds since the epoch. It may jump, so no wait is ever computed from it. */
  wallMs(): number;
  /** Milliseconds that only ever grow. */
  monotonicMs(): number;
  /** Resolves after `durationMs`, or at once when `signal` aborts. It never rejects. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>;
}
