import { describe, expect, test } from 'vitest';

import { startCaller } from '../caller.js';
import { differences } from '../../src/eras/differences.js';
import { appId, EraDevice, ownKey } from './era-device.js';
import type { Outcome } from './era-device.js';
import { eraOf } from '../../src/eras/era.js';
import type { Bounds } from '../../src/eras/differences.js';
import { rows } from './rows/all-rows.js';
import { types } from './rows/row.js';
import type { Difference, Row } from './rows/row.js';

const described = rows.map((row) => {
  const sent = row.body === undefined ? '' : ` ${JSON.stringify(row.body)}`;
  const title = `${row.ask}${sent}${row.when === undefined ? '' : `, when ${row.when}`} (${row.shows.join(', ')})`;
  return [title, row] as const;
});

describe.each(described)('%s', (_title, row) => {
  test.each([
    [row.at[0], row.before],
    [row.at[1], row.since],
  ])('in %s', async (version, expected) => {
    await using device = await EraDevice.open(version, row.options);
    await row.arrange?.(device);
    const outcome = await device.ask(row.ask, row);
    const seen = row.see ? { seen: JSON.stringify(await row.see(device)) } : shown(outcome, expected);
    expect(seen).toMatchObject(wanted(expected));
  });
});

function wanted(expected: Row['before']): object {
  if (typeof expected === 'string') return { outcome: expected };
  if ('seen' in expected) return { seen: JSON.stringify(expected.seen) };
  const [status, type, body] = expected;
  return { status, type: types[type], body: body instanceof RegExp ? String(body) : body };
}

/** The outcome, its body as JSON where the expected one is, or as the pattern that it is of. */
function shown(outcome: Outcome, expected: Row['before']): object {
  if (typeof outcome === 'string') return { outcome };
  const body = typeof expected === 'object' && !('seen' in expected) ? expected[2] : '';
  if (body instanceof RegExp) return { ...outcome, body: body.test(outcome.body) ? String(body) : outcome.body };
  return { ...outcome, body: typeof body === 'object' ? (JSON.parse(outcome.body) as unknown) : outcome.body };
}

test('two restarts at once: the second waits before 17.5.0, and fails since (secondRecreationWaits)', async () => {
  for (const [version, statuses] of [
    ['17.4.6', [200, 200]],
    ['17.5.0', [200, 503]],
  ] as const) {
    const { call, clock } = startCaller({ supervisorVersion: version, apps: [{ appId }] });
    const both = Promise.all([
      call(`POST /v2/applications/${appId}/restart`),
      call(`POST /v2/applications/${appId}/restart`),
    ]);
    await clock.advance(10_000);
    expect((await both).map(({ status }) => status)).toEqual(statuses);
  }
});

test('a stream of local logs greets since 9.3.1, and does not begin before (logsGreetNobody)', async () => {
  await using silent = await EraDevice.open('9.3.0');
  expect(await silent.ask('GET /v2/local/logs')).toBe('nothing');
  await using greeting = await EraDevice.open('9.3.1');
  const request = new Request('http://supervisor/v2/local/logs', { headers: { authorization: `ApiKey ${ownKey}` } });
  const reader = (await greeting.supervisor.fetch(request)).body?.getReader();
  const first = await reader?.read();
  expect(new TextDecoder().decode(first?.value)).toBe('{"message":"Streaming logs","isSystem":true}\n');
  await reader?.cancel();
});

const shownElsewhere: readonly (readonly [Difference, string])[] = [
  ['secondRecreationWaits', '17.5.0'],
  ['logsGreetNobody', '9.3.1'],
];

test('an answer demonstrates each bound of each difference', () => {
  const bounds = Object.entries<Bounds | readonly Bounds[]>(differences).flatMap(([name, within]) =>
    [within]
      .flat()
      .flatMap(({ since, before }) => [since, before])
      .flatMap((version) => (version === undefined ? [] : [`${name} ${version}`])),
  );
  const covered = new Set([
    ...rows.flatMap(({ shows, at }) => shows.map((name) => `${name} ${at[1]}`)),
    ...shownElsewhere.map((each) => each.join(' ')),
  ]);
  expect(bounds.filter((bound) => !covered.has(bound))).toEqual([]);
});

test('19.0.5 and later versions do not differ from it', () => {
  for (const version of ['19.0.5', '20.0.0']) {
    expect(Object.values(eraOf(version)).some(Boolean)).toBe(false);
  }
});
