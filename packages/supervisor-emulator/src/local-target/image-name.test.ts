import { expect, test } from 'vitest';

import { normaliseImageName } from './image-name.js';

const digest = `sha256:${'a'.repeat(64)}`;

test.each([
  ['main', 'main:latest'],
  ['main:1', 'main:1'],
  ['registry.example.com/a/main', 'registry.example.com/a/main:latest'],
  ['localhost/main:1', 'localhost/main:1'],
  [`main:1@${digest}`, `main@${digest}`],
])('%s is %s', (image, normalised) => {
  expect(normaliseImageName(image)).toBe(normalised);
});

test.each([
  ['', 'Could not parse the image: '],
  ['main@sha256:1', 'Invalid image name, expected [domain.tld/]repo/image[:tag][@digest] format, got: main@sha256:1'],
])('%j is not one', (image, message) => {
  expect(() => normaliseImageName(image)).toThrow(message);
});
