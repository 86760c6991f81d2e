/** The demo did not reach its goal; the message says what was missing. */
export class DemoFailure extends Error {
  override readonly name = 'DemoFailure';
}
