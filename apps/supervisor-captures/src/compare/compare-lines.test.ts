import { describe, expect, test } from 'vitest';
import { compareLines } from './compare-lines.js';

const short = 'Nov 23 01:14:28 vm kernel: up\n';
const systemLog = '{"message":"Started","isSystem":true,"timestamp":1}\n';
const serviceLog = '{"serviceName":"main","message":"hi","isStdErr":false,"timestamp":1,"serviceId":2}\n';

describe('a completely recorded stream', () => {
  test('has lines of the same shapes, however many', () => {
    expect(compareLines(short + short, 'Jan  2 11:00:00 box main[7]: other\n', { isCut: false })).toEqual([]);
  });

  test.each([
    ['a line of another shape', short, '2026-11-23T01:14:28+00:00 vm kernel: up\n'],
    ['a remark', short, '-- No entries --\n'],
    ['nothing', short, ''],
    ['something', '', short],
    ['one shape too few', systemLog + serviceLog, systemLog],
    ['one shape too many', systemLog, systemLog + serviceLog],
    ['a key less', systemLog, '{"message":"Started","isSystem":true}\n'],
    ['a value of another type', systemLog, '{"message":"Started","isSystem":true,"timestamp":"1"}\n'],
  ])('does not have %s instead', (_what, recorded, given) => {
    expect(compareLines(recorded, given, { isCut: false })).toHaveLength(1);
  });
});

describe('a truncated stream', () => {
  test('may continue', () => {
    expect(compareLines(systemLog, systemLog + serviceLog, { isCut: true })).toEqual([]);
  });

  test('is judged without the line it was truncated in', () => {
    expect(compareLines(`${systemLog}{"mess`, systemLog, { isCut: true })).toEqual([]);
  });

  test('has the recorded part', () => {
    expect(compareLines(systemLog, '', { isCut: true })).toHaveLength(1);
  });
});
