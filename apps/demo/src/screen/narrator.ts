import { escapeControls } from '@serve.zone/baseos-command-line';

export type Source = 'demo' | 'cloudly' | 'node' | 'supervisor';

/** Writes one or several lines of one of the parties. */
export type Narrator = (source: Source, text: string) => void;

interface TextStream {
  write(text: string): unknown;
  isTTY?: boolean | undefined;
}

const labels: Record<Source, string> = { demo: '', cloudly: 'Cloudly', node: 'BaseRunner', supervisor: 'Supervisor' };
const colours: Partial<Record<Source, string>> = { cloudly: '36', node: '32', supervisor: '33' };
const labelWidth = 12;

/** Distinguishes the parties by a label before each line and, on a terminal with colours (no-color.org), by colours. */
export function createNarrator(stream: TextStream, env: Readonly<Record<string, string | undefined>>): Narrator {
  const wantsColours = stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return (source, text) => {
    const label = labels[source].padEnd(labelWidth);
    const colour = wantsColours ? colours[source] : undefined;
    const paint = (line: string): string => (colour === undefined ? line : `\u001b[${colour}m${line}\u001b[0m`);
    const lines = text.split('\n').map((line) => paint(`${label}${escapeControls(line)}`.trimEnd()));
    stream.write(`${lines.join('\n')}\n`);
  };
}
