import { describe, expect, test } from 'vitest';
import { parseCommandLine } from './parse-command-line.js';

describe('the command line', () => {
  test('may be empty: the demo runs until it is stopped', () => {
    expect(parseCommandLine([])).toEqual({ kind: 'run', options: { patienceMs: 60_000, devices: 1 } });
  });

  test.each([[['--heartbeats', '3']], [['--heartbeats=3']]])('%j requests three heartbeats', (argv) => {
    expect(parseCommandLine(argv)).toMatchObject({ kind: 'run', options: { heartbeats: 3 } });
  });

  test('may set how long a heartbeat is awaited', () => {
    expect(parseCommandLine(['--patience', '5'])).toMatchObject({ options: { patienceMs: 5000 } });
  });

  test('may ask for a small fleet', () => {
    expect(parseCommandLine(['--devices', '8'])).toMatchObject({ options: { devices: 8 } });
  });

  test.each([[['--help']], [['-h', '--heartbeats', '3']]])('%j requests help', (argv) => {
    expect(parseCommandLine(argv)).toEqual({ kind: 'help' });
  });

  test.each([
    [['--heartbeat', '3'], "Unknown option '--heartbeat'"],
    [['three'], "Unexpected argument 'three'"],
    [['--heartbeats'], 'argument missing'],
    [['--heartbeats', '0'], '--heartbeats must be a whole number from 1 to 1000000, but is "0".'],
    [['--heartbeats', '2.5'], '--heartbeats must be a whole number'],
    [['--heartbeats=-1'], '--heartbeats must be a whole number'],
    [['--heartbeats', ''], '--heartbeats must be a whole number'],
    [['--devices', '21'], '--devices must be a whole number from 1 to 20'],
    [['--patience', '4000'], '--patience must be a whole number from 1 to 3600'],
  ])('%j is rejected by name', (argv, message) => {
    expect(parseCommandLine(argv)).toMatchObject({ kind: 'mistake', message: expect.stringContaining(message) });
  });
});
