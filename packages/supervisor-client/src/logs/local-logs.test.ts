import { describe, expect, test } from 'vitest';
import { collect } from '../../test/collect.js';
import { scriptedStreams } from '../../test/scripted-stream.js';
import { longestSleepMs } from '../waiting/sleep.js';
import { SupervisorError } from '../errors/supervisor-error.js';
import { localLogs } from './local-logs.js';
import type { Reconnect } from './reconnect.js';

const greeting = '{"message":"Streaming logs","isSystem":true}\n';

function said(message: string) {
  return `${JSON.stringify({ serviceName: 'main', message, timestamp: 1 })}\n`;
}

const torn = new SupervisorError({ code: 'unreachable', message: 'torn' });
const end = { refuses: new SupervisorError({ code: 'unauthorized', message: 'end' }) };

describe('the local log', () => {
  test('is what was logged, without the greeting', async () => {
    const supervisor = scriptedStreams([{ chunks: [greeting, said('one'), said('two')] }]);
    expect((await collect(localLogs(supervisor))).map(({ message }) => message)).toEqual(['one', 'two']);
  });

  test('may take until the next log line to open, as before Supervisor 9.4', async () => {
    const supervisor = scriptedStreams([{ chunks: [said('one')] }]);
    await collect(localLogs(supervisor));
    expect(supervisor.connectTimeoutsMs).toEqual([longestSleepMs]);
  });

  test('ends with the error that broke it', async () => {
    const logs = localLogs(scriptedStreams([{ chunks: [greeting], breaks: torn }]));
    await expect(logs.next()).rejects.toBe(torn);
  });

  test('continues after an outage, and reports the gap', async () => {
    const seen: unknown[] = [];
    const supervisor = scriptedStreams([
      { chunks: [greeting, said('one')], breaks: torn },
      { refuses: torn },
      { chunks: [greeting, said('two')] },
      end,
    ]);
    const reconnect = {
      sleep: async () => {},
      onReconnect: ({ isComplete }: Reconnect) => seen.push(isComplete ? 'whole' : 'gap'),
    };
    await expect(
      (async () => {
        for await (const { message } of localLogs(supervisor, { reconnect })) seen.push(message);
      })(),
    ).rejects.toMatchObject({ code: 'unauthorized' });
    expect(seen).toEqual(['one', 'gap', 'two']);
  });
});

test('an invalid option throws a TypeError at once', () => {
  expect(() => localLogs(scriptedStreams([]), { reconnect: 'yes' as never })).toThrow(TypeError);
});
