/** A read that was still open when the time for all of them was up. */
export class ReadTimeout extends Error {
  override readonly name = 'ReadTimeout';
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`The Supervisor did not answer within ${timeoutMs / 1000} s.`);
    this.timeoutMs = timeoutMs;
  }
}
