import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLocalLog } from './local-log.js';

test.each<[string, object, object]>([
  [
    'output of a service',
    { serviceName: 'main', message: 'hello\r', isStdErr: false, timestamp: 1_795_398_554_843, serviceId: 2 },
    {
      message: 'hello',
      timestampMs: 1_795_398_554_843,
      isSystem: false,
      isStandardError: false,
      serviceName: 'main',
      serviceId: 2,
    },
  ],
  [
    'standard error of a service',
    { message: 'oh', isStdErr: true },
    { message: 'oh', isSystem: false, isStandardError: true },
  ],
  [
    'a message of the Supervisor',
    { message: 'Taking update locks', isSystem: true, timestamp: 1 },
    { message: 'Taking update locks', timestampMs: 1, isSystem: true, isStandardError: false },
  ],
  [
    'a service that prints the Supervisor’s greeting',
    { message: 'Streaming logs', serviceName: 'main', timestamp: 1 },
    { message: 'Streaming logs', timestampMs: 1, isSystem: false, isStandardError: false, serviceName: 'main' },
  ],
  ['a log without a text', { timestamp: 1 }, { message: '', timestampMs: 1, isSystem: false, isStandardError: false }],
])('%s is read', (_what, line, expected) => {
  expect(readLocalLog(JSON.stringify(line))).toStrictEqual(expected);
});

test.each(['', '{"message":"Streaming logs","isSystem":true}'])('%o is not a log', (line) => {
  expect(readLocalLog(line)).toBeUndefined();
});

test.each(['plain', '{"message":', 'null', '[]'])('%o is returned as it is', (line) => {
  expect(readLocalLog(line)).toStrictEqual({ message: line, isSystem: false, isStandardError: false });
});

test('any line gives a log or none, and never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
      expect(typeof (readLocalLog(line)?.message ?? '')).toBe('string');
    }),
  );
});
