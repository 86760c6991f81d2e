import { expectTypeOf, test } from 'vitest';
import type { FetchLike } from './fetch-like.js';

test('the fetch of the platform is a transport', () => {
  expectTypeOf(globalThis.fetch).toExtend<FetchLike>();
});
