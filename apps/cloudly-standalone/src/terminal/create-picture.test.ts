import { expect, test } from 'vitest';
import { createPicture } from './create-picture.js';

test('a picture takes the place of the one before, however high that was', () => {
  const written: string[] = [];
  const show = createPicture({ write: (text) => written.push(text) });
  show(['a', 'b', 'c']);
  show(['d']);
  show([]);
  show(['e']);
  expect(written).toEqual(['a\nb\nc\n', '\u001B[3A\u001B[Jd\n', '\u001B[1A\u001B[J', 'e\n']);
});
