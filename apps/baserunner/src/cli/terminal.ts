import { styleText } from 'node:util';
import type { TextStream } from '@serve.zone/baseos-command-line';

/** Green: it works. Yellow: it needs attention. Red: it does not work. */
export type Colour = 'green' | 'yellow' | 'red';

export type Paint = (colour: Colour, text: string) => string;

/** `process.stdout` where a person reads it, and not a file or another program. */
export function isTerminal(stream: TextStream): boolean {
  return 'isTTY' in stream && stream.isTTY === true;
}

/** Colours for a terminal that shows them, unless `NO_COLOR` is set (no-color.org); elsewhere, the text as it is. */
export function paintFor(stream: TextStream, env: Readonly<Record<string, string | undefined>>): Paint {
  const isColoured = isTerminal(stream) && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return (colour, text) => (isColoured ? styleText(colour, text, { validateStream: false }) : text);
}
