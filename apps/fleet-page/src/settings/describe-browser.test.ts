import { expect, test } from 'vitest';
import { describeBrowser } from './describe-browser.js';

test('a browser is named as people call it', () => {
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36';
  expect(describeBrowser(chrome)).toBe('Chrome on Linux');
  expect(describeBrowser('curl/8.5.0')).toBe('curl/8.5.0');
  expect(describeBrowser(undefined)).toBe('Unknown');
});
