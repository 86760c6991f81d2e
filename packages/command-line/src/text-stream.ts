/** Where text goes: `process.stdout`, `process.stderr`, or a collector in a test. */
export interface TextStream {
  write(text: string): unknown;
}
