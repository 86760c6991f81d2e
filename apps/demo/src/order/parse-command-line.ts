import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** After how many acknowledged heartbeats the demo ends; without it, it goes on until it is stopped. */
  heartbeats?: number;
  /** How long it may take from the start, or from one acknowledged heartbeat, to the next. */
  patienceMs: number;
}

export type CommandLine =
  | { kind: 'run'; options: DemoOptions }
  | { kind: 'help' }
  | { kind: 'mistake'; message: string };

export const usage = `Runs Cloudly, an emulated balena Supervisor and a real BaseRunner on this machine, and tells what they do.

  npm start                        goes on until Ctrl-C
  npm start -- --heartbeats 3      ends after three acknowledged heartbeats: exit code 0, or 1 if they do not come

  --heartbeats <count>    1 to 1000000
  --patience <seconds>    how long a heartbeat may be awaited, 1 to 3600 (60)
`;

export function parseCommandLine(argv: readonly string[]): CommandLine {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        heartbeats: { type: 'string' },
        patience: { type: 'string', default: '60' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return { kind: 'help' };
    const patienceMs = 1000 * wholeNumber('--patience', values.patience, 3600);
    if (values.heartbeats === undefined) return { kind: 'run', options: { patienceMs } };
    return {
      kind: 'run',
      options: { patienceMs, heartbeats: wholeNumber('--heartbeats', values.heartbeats, 1_000_000) },
    };
  } catch (error) {
    return { kind: 'mistake', message: error instanceof Error ? error.message : String(error) };
  }
}

function wholeNumber(flag: string, text: string, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= max) return value;
  throw new RangeError(`${flag} must be a whole number from 1 to ${max}, but is "${text}".`);
}
