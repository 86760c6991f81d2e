import { expect, test } from 'vitest';
import { windowMistake } from './window-mistake.js';

test.each([
  ['0 2 * * *', 'UTC'],
  ['*/15 22-23,0-4 * * MON-FRI', 'Europe/Berlin'],
  ['0 2 29 2 *', 'America/Sao_Paulo'],
])('%s in %s is a window', (cron, zone) => {
  expect(windowMistake({ cron, zone })).toBeUndefined();
});

test.each([
  ['0 2 * * *', 'Europe/Berlinn', 'There is no time zone Europe/Berlinn; Europe/Berlin is one'],
  ['0 2 * * *', '', 'There is no time zone ; Europe/Berlin is one'],
  ['0 2 * *', 'UTC', 'The window cannot be read: 0 2 * * must have five fields, such as 0 2 * * 1-5'],
  ['0 0 2 * * *', 'UTC', 'The window cannot be read: 0 0 2 * * * must have five fields, such as 0 2 * * 1-5'],
  ['61 2 * * *', 'UTC', 'The window cannot be read: 61 2 * * * must have five fields, such as 0 2 * * 1-5'],
  ['@daily', 'UTC', 'The window cannot be read: @daily must have five fields, such as 0 2 * * 1-5'],
  ['0 2 30 2 *', 'UTC', 'The window never opens: there is no such instant as 0 2 30 2 *'],
])('%s in %s is none', (cron, zone, mistake) => {
  expect(windowMistake({ cron, zone })).toBe(mistake);
});
