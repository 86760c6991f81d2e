import { escapeControls, type TextStream } from '@serve.zone/baseos-command-line';

export const jsonFlag = { type: 'boolean', description: 'Print the result as JSON' } as const;

/**
 * A command's result for programs: one JSON value on one line. Control characters from a node cannot reach the
 * terminal.
 */
export function writeJson(stream: TextStream, value: unknown): void {
  stream.write(`${escapeControls(JSON.stringify(value))}\n`);
}
