import { escapeControls, type TextStream } from '@serve.zone/baseos-command-line';

/** Prints a command's result as JSON. Control characters in the names of devices or apps cannot reach the terminal. */
export function writeResult(stdout: TextStream, result: object): void {
  const lines = JSON.stringify(result, undefined, 2).split('\n');
  stdout.write(`${lines.map(escapeControls).join('\n')}\n`);
}
