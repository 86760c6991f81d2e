import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonLines } from './json-lines.js';

function written(...texts: string[]): string {
  let found = '';
  const stream = jsonLines(
    { write: (text) => (found += text) },
    { program: 'program', level: 'error', now: () => Date.UTC(2026, 0, 1) },
  );
  for (const text of texts) stream.write(text);
  return found;
}

test('makes an entry of each line, without the name of the program', () => {
  expect(written('program: It is "so".\nLook there.\n')).toBe(
    '{"time":"2026-01-01T00:00:00.000Z","level":"error","message":"It is \\"so\\"."}\n' +
      '{"time":"2026-01-01T00:00:00.000Z","level":"error","message":"Look there."}\n',
  );
});

test('leaves an entry unchanged', () => {
  const entry = '{"time":"2026-01-01T00:00:00.000Z","level":"info","message":"a"}\n';
  expect(written(entry)).toBe(entry);
});

test('yields only objects, whatever is written', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\n', '{"time":', '{"time":1}\n', '\r\n', '\u2028'),
  );
  fc.assert(
    fc.property(fc.array(text), (texts) => {
      const lines = written(...texts)
        .split('\n')
        .slice(0, -1);
      for (const line of lines) expect(JSON.parse(line)).toBeTypeOf('object');
    }),
  );
});
