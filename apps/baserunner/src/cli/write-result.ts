import { escapeControls, type TextStream } from '@serve.zone/baseos-command-line';

/** A command's result, as JSON for people and programs: what a device or an app was named cannot reach the terminal. */
export function writeResult(stdout: TextStream, result: object): void {
  const lines = JSON.stringify(result, undefined, 2).split('\n');
  stdout.write(`${lines.map(escapeControls).join('\n')}\n`);
}
