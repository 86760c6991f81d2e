import { expect, test } from 'vitest';
import { parseAgentLine } from './parse-agent-line.js';

test('extracts the sentence from a line of the log', () => {
  expect(
    parseAgentLine('{"time":"2026-01-01T00:00:00Z","level":"info","message":"Registered.","fields":{"a":1}}'),
  ).toEqual({
    message: 'Registered.',
    isDetail: false,
  });
});

test('recognises which heartbeat was acknowledged', () => {
  expect(parseAgentLine('{"level":"debug","message":"Acknowledged.","fields":{"heartbeat":7}}')).toEqual({
    message: 'Acknowledged.',
    isDetail: true,
    heartbeatAcknowledged: 7,
  });
});

test.each(['(node:1) Warning: something', '{"level":"info"', '{"message":1}', '[]', 'null', '7', ''])(
  'keeps %j, which is not a line of the log, as it is',
  (text) => {
    expect(parseAgentLine(text)).toEqual({ message: text, isDetail: false });
  },
);
