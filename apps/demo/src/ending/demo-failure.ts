/** The demo could not show what it is there to show; the message says what was missing. */
export class DemoFailure extends Error {
  override readonly name = 'DemoFailure';
}
