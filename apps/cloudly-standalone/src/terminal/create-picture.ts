import type { TextStream } from '@serve.zone/baseos-command-line';

/** What draws lines in the place of those that it drew before; nothing else is written meanwhile. */
export function createPicture(stream: TextStream): (lines: readonly string[]) => void {
  let height = 0;
  return (lines) => {
    // To the first line of before, and all below it away.
    const back = height === 0 ? '' : `\u001B[${height}A\u001B[J`;
    stream.write(back + lines.map((line) => `${line}\n`).join(''));
    height = lines.length;
  };
}
