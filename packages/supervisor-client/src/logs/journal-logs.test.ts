import { describe, expect, expectTypeOf, test } from 'vitest';
import { collect } from '../../test/collect.js';
import { scriptedStreams, type StreamScript } from '../../test/scripted-stream.js';
import { longestSleepMs } from '../waiting/sleep.js';
import { SupervisorError, type SupervisorErrorCode } from '../errors/supervisor-error.js';
import type { JournalEntry } from './journal-entry.js';
import { journalLogs, type JournalEntriesOptions, type JournalTextOptions } from './journal-logs.js';
import type { Disconnect } from './reconnect.js';

function failing(code: SupervisorErrorCode) {
  return new SupervisorError({ code, message: code });
}

const torn = failing('unreachable');

/** A line of the journal in JSON, logged so many microseconds after the journal began. */
function line(number: number, atUs = number * 1000) {
  return `${JSON.stringify({ __CURSOR: `i=${number}`, __REALTIME_TIMESTAMP: String(1_795_000_000_000_000 + atUs), MESSAGE: `line ${number}` })}\n`;
}

/** Follows the journal through the scripted streams until its script ends, without waiting. */
async function follow(scripts: StreamScript[], options: Partial<JournalEntriesOptions> = {}) {
  const supervisor = scriptedStreams(scripts);
  const messages: string[] = [];
  const disconnects: Disconnect[] = [];
  let error: unknown;
  const reconnect = {
    sleep: async () => {},
    random: () => 1,
    onDisconnect: (disconnect: Disconnect) => void disconnects.push(disconnect),
  };
  try {
    for await (const entry of journalLogs(supervisor, { follow: true, reconnect, ...options, format: 'json' })) {
      messages.push(entry.message);
    }
  } catch (thrown) {
    error = thrown;
  }
  return { messages, disconnects, error, asked: supervisor.asked };
}

const end: StreamScript = { refuses: failing('unauthorized') };

describe('the journal as text', () => {
  test('is lines, exactly as journalctl writes them', async () => {
    const supervisor = scriptedStreams([{ chunks: ['Nov 23 01:14:28 vm ker', 'nel: hello\n-- No entries --\n'] }]);
    expect(await collect(journalLogs(supervisor))).toEqual(['Nov 23 01:14:28 vm kernel: hello', '-- No entries --']);
    expect(supervisor.asked).toEqual([{ all: false, follow: false, format: 'short' }]);
  });

  test('ends with the error that broke it', async () => {
    const lines = journalLogs(scriptedStreams([{ chunks: ['one\ntw'], breaks: torn }]), { follow: true });
    expect((await lines.next()).value).toBe('one');
    await expect(lines.next()).rejects.toBe(torn);
  });

  test('has no deadline for its first line if it is followed, because the Supervisor sends nothing before that', async () => {
    const supervisor = scriptedStreams([{ chunks: ['one\n'] }, { chunks: ['one\n'] }]);
    await collect(journalLogs(supervisor, { follow: true, unit: 'quiet.service' }));
    await collect(journalLogs(supervisor, { unit: 'quiet.service' }));
    expect(supervisor.connectTimeoutsMs).toEqual([longestSleepMs, undefined]);
  });

  test('is requested when its first line is', async () => {
    const supervisor = scriptedStreams([{ chunks: ['one\n'] }]);
    const lines = journalLogs(supervisor);
    expect(supervisor.asked).toEqual([]);
    await lines.next();
    expect(supervisor.asked).toHaveLength(1);
  });

  test('is closed by leaving the loop', async () => {
    const supervisor = scriptedStreams([{ chunks: ['one\ntwo\n'] }]);
    for await (const text of journalLogs(supervisor)) {
      expect(text).toBe('one');
      break;
    }
    expect(supervisor.left).toBe(1);
  });
});

test('entries of the journal have their own type', () => {
  const supervisor = scriptedStreams([]);
  expectTypeOf(journalLogs(supervisor, { format: 'json' })).toEqualTypeOf<AsyncGenerator<JournalEntry, void>>();
  expectTypeOf(journalLogs(supervisor, { format: 'cat' })).toEqualTypeOf<AsyncGenerator<string, void>>();
  expectTypeOf(journalLogs(supervisor)).toEqualTypeOf<AsyncGenerator<string, void>>();
});

test('every option is sent as journalctl reads it', async () => {
  const supervisor = scriptedStreams([{}]);
  const options: JournalTextOptions = {
    all: true,
    follow: true,
    count: 5,
    unit: 'balena.service',
    containerId: '848652ab8db2',
    format: 'short-iso',
    since: new Date(1_795_396_468_606),
    until: '10min ago',
  };
  await collect(journalLogs(supervisor, options));
  expect(supervisor.asked).toEqual([
    {
      all: true,
      follow: true,
      count: 5,
      unit: 'balena.service',
      containerId: '848652ab8db2',
      format: 'short-iso',
      since: '@1795396468.606',
      until: '10min ago',
    },
  ]);
});

test.each<[string, object]>([
  ['format', { format: 'verbose' }],
  ['follow', { follow: 'yes' }],
  ['all', { all: 1 }],
  ['count', { count: 0 }],
  ['count', { count: 1.5 }],
  ['unit', { unit: '' }],
  ['unit', { unit: {} }],
  ['containerId', { containerId: 'a\0b' }],
  ['since', { since: new Date(Number.NaN) }],
  ['until', { until: new Date(-1) }],
  ['reconnect', { format: 'json', reconnect: true }],
  ['reconnect', { follow: true, reconnect: true }],
  ['reconnect', { format: 'json', follow: true, reconnect: 'yes' }],
  ['reconnect.longestWaitMs', { format: 'json', follow: true, reconnect: { longestWaitMs: 0 } }],
])('an invalid %s throws a TypeError that names it, at once: %o', (name, options) => {
  const supervisor = scriptedStreams([]);
  expect(() => journalLogs(supervisor, options as JournalTextOptions)).toThrow(TypeError);
  expect(() => journalLogs(supervisor, options as JournalTextOptions)).toThrow(`\`${name}\``);
});

describe('a followed journal that reconnects', () => {
  test('searches for the last entry among the most recent ones, and continues after it', async () => {
    const { messages, asked } = await follow(
      [
        { chunks: [line(1), line(2)], breaks: torn },
        { chunks: [line(2), line(3)] },
        { chunks: [line(2), line(3), line(4)] },
        end,
      ],
      { count: 100, since: '10min ago', unit: 'balena.service' },
    );
    expect(messages).toEqual(['line 1', 'line 2', 'line 3', 'line 4']);
    const query = { all: false, format: 'json', unit: 'balena.service' };
    expect(asked).toEqual([
      { ...query, follow: true, count: 100, since: '10min ago' },
      { ...query, follow: false, count: 1024 },
      { ...query, follow: true, count: 3 },
      { ...query, follow: false, count: 1024 },
    ]);
  });

  test('is patient while it looks for its place', async () => {
    const supervisor = scriptedStreams([{ chunks: [line(1)] }, { chunks: [line(1)] }, { chunks: [line(1)] }, end]);
    const reconnect = { sleep: async () => {} };
    await expect(collect(journalLogs(supervisor, { format: 'json', follow: true, reconnect }))).rejects.toMatchObject({
      code: 'unauthorized',
    });
    expect(supervisor.connectTimeoutsMs).toEqual([longestSleepMs, 300_000, longestSleepMs, 300_000]);
  });

  test('loses no entry written after the clock went back', async () => {
    const dayUs = 86_400_000_000;
    const { messages } = await follow([
      { chunks: [line(1, dayUs)], breaks: torn },
      { chunks: [line(1, dayUs), line(2, 0), line(3, 1)] },
      end,
    ]);
    expect(messages).toEqual(['line 1', 'line 2', 'line 3']);
  });

  test('neither duplicates nor loses any of several in one microsecond', async () => {
    const { messages } = await follow([
      { chunks: [line(1, 7), line(2, 7)], breaks: torn },
      { chunks: [line(1, 7), line(2, 7), line(3, 7), line(4, 8)] },
      end,
    ]);
    expect(messages).toEqual(['line 1', 'line 2', 'line 3', 'line 4']);
  });

  test('duplicates none from a Supervisor that ignores `count`', async () => {
    const { messages } = await follow([
      { chunks: [line(1), line(2), line(3)], breaks: torn },
      { chunks: [line(1), line(2), line(3), line(4)] },
      end,
    ]);
    expect(messages).toEqual(['line 1', 'line 2', 'line 3', 'line 4']);
  });

  test('returns a torn entry completely', async () => {
    const half = line(2).slice(0, 30);
    const scripts = [
      { chunks: [line(1), half], breaks: torn },
      { chunks: [line(2), half] },
      { chunks: [line(2)] },
      end,
    ];
    expect((await follow(scripts)).messages).toEqual(['line 1', 'line 2']);
  });

  test('repeats its first request until it has received something', async () => {
    const { asked } = await follow([{ refuses: torn }, {}, end], { count: 3 });
    expect(asked).toEqual([asked[0], asked[0], asked[0]]);
  });

  test('waits longer with every failure, up to the longest wait, and starts over with an entry', async () => {
    const outage: StreamScript[] = Array.from({ length: 7 }, () => ({ refuses: torn }));
    const { disconnects } = await follow([...outage, { chunks: [line(1)], breaks: torn }, end]);
    expect(disconnects.map(({ waitMs }) => waitMs)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 1000]);
    expect(disconnects.at(-1)).toEqual({ error: torn, failures: 1, waitMs: 1000 });
  });

  test('waits longer too if a stream opens and nothing new comes', async () => {
    const { disconnects } = await follow([
      { chunks: [line(1)] },
      { chunks: [line(1)] },
      {},
      { chunks: [line(1)] },
      {},
      end,
    ]);
    expect(disconnects.map(({ failures }) => failures)).toEqual([1, 2, 3]);
    expect(disconnects[0]).not.toHaveProperty('error');
  });

  test.each<SupervisorErrorCode>(['unreachable', 'timeout', 'supervisor-error'])('survives %s', async (code) => {
    const { messages } = await follow([{ refuses: failing(code) }, { chunks: [line(1)] }, end]);
    expect(messages).toEqual(['line 1']);
  });

  test.each<SupervisorErrorCode>([
    'api-key-missing',
    'unauthorized',
    'not-supported',
    'not-found',
    'bad-request',
    'unexpected-response',
  ])('ends with %s, which waiting cannot fix', async (code) => {
    const error = failing(code);
    expect(await follow([{ refuses: error }, { chunks: [line(1)] }])).toMatchObject({ error, messages: [] });
  });

  test("ends with an error that is not the Supervisor's", async () => {
    const mistake = new TypeError('mistake');
    expect((await follow([{ chunks: [line(1)], breaks: mistake }])).error).toBe(mistake);
  });

  test('reports how long there was no stream before it returns anything of the new one', async () => {
    const seen: unknown[] = [];
    const supervisor = scriptedStreams([
      { chunks: [line(1)], breaks: torn },
      { refuses: torn },
      { chunks: [line(2)] },
      end,
    ]);
    const reconnect = {
      sleep: async () => {},
      onDisconnect: () => seen.push('lost'),
      onReconnect: ({ outageMs }: { outageMs: number }) => seen.push(outageMs >= 0 ? 'back' : outageMs),
    };
    const entries = journalLogs(supervisor, { format: 'json', follow: true, reconnect });
    await expect(
      (async () => {
        for await (const { message } of entries) seen.push(message);
      })(),
    ).rejects.toMatchObject({ code: 'unauthorized' });
    expect(seen).toEqual(['line 1', 'lost', 'lost', 'back', 'line 2']);
  });

  test('ends while it waits, with the reason of its signal', async () => {
    const controller = new AbortController();
    const supervisor = scriptedStreams([{ breaks: torn }]);
    const reconnect = { firstWaitMs: 2 ** 30, longestWaitMs: 2 ** 30, onDisconnect: () => controller.abort('enough') };
    const entries = journalLogs(supervisor, { format: 'json', follow: true, reconnect, signal: controller.signal });
    await expect(entries.next()).rejects.toBe('enough');
  });
});
