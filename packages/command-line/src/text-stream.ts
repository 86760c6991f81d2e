/** Where text goes: `process.stdout` and `process.stderr`, or whatever collects it. */
export interface TextStream {
  write(text: string): unknown;
}
