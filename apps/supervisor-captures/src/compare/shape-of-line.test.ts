import { expect, test } from 'vitest';
import { shapeOfLine } from './shape-of-line.js';

test.each([
  ['Nov 23 01:14:28 vm 848652ab8db2[8627]: hello', 'an entry in the format short'],
  ['Nov 23 01:14:28.606265 vm kernel: up', 'an entry in the format short-precise'],
  ['Mon 2026-11-23 01:14:28 UTC vm kernel: up', 'an entry in the format short-full'],
  ['2026-11-23T01:14:28+0000 vm kernel: up', 'an entry in the format short-iso'],
  ['2026-11-23T01:14:28.606265+00:00 vm kernel: up', 'an entry in the format short-iso-precise'],
  ['1795396468.606265 vm kernel: up', 'an entry in the format short-unix'],
  ['[ 1375.554841] vm kernel: up', 'an entry in the format short-monotonic'],
  ['Mon 2026-11-23 01:14:28.606265 UTC [s=bedf;i=354;b=01;m=51]', 'an entry in the format verbose'],
  ['    _TRANSPORT=kernel', 'a field in the format verbose'],
  ['__CURSOR=s=bedf;i=354', 'a field in the format export'],
  ['data: {"__CURSOR":"s=bedf"}', 'an entry in the format json-sse'],
  ['{"__CURSOR":"s=bedf","MESSAGE":"up"}', 'an entry of the journal as JSON'],
  ['-- No entries --', 'a remark of journalctl'],
  ['{"message":"a","isSystem":true}', '{ isSystem: boolean, message: string }'],
  ['hello from main', 'text'],
])('%s is %s', (line, shape) => {
  expect(shapeOfLine(line)).toBe(shape);
});
