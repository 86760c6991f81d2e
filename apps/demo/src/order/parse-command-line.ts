import { parseArgs } from 'node:util';
import { type OneCommandLine, readOneCommand, readWholeNumber } from '@serve.zone/baseos-command-line';

export interface DemoOptions {
  /** After how many acknowledged heartbeats the demo ends; without it, the demo runs until it is stopped. */
  heartbeats?: number;
  /** How long it may take from the start, or from one acknowledged heartbeat, to the next. */
  patienceMs: number;
  /** How many devices there are. What the first one does is shown. */
  devices: number;
}

export const usage = `Runs Cloudly, an emulated balena Supervisor and a real BaseRunner on this machine, and shows what they do.

  npm start                        runs until Ctrl-C
  npm start -- --heartbeats 3      ends after three acknowledged heartbeats with exit code 0, or 1 if they do not arrive
  npm start -- --devices 8         with a small fleet, to try a rollout on

  --heartbeats <count>    1 to 1000000
  --patience <seconds>    how long to wait for a heartbeat, 1 to 3600 (60)
  --devices <count>       1 to 20 (1)
`;

export function parseCommandLine(argv: readonly string[]): OneCommandLine<{ options: DemoOptions }> {
  return readOneCommand(() => {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        heartbeats: { type: 'string' },
        patience: { type: 'string', default: '60' },
        devices: { type: 'string', default: '1' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return undefined;
    const patienceMs = 1000 * readWholeNumber('--patience', values.patience, { min: 1, max: 3600 });
    const devices = readWholeNumber('--devices', values.devices, { min: 1, max: 20 });
    if (values.heartbeats === undefined) return { options: { patienceMs, devices } };
    const heartbeats = readWholeNumber('--heartbeats', values.heartbeats, { min: 1, max: 1_000_000 });
    return { options: { patienceMs, devices, heartbeats } };
  });
}
