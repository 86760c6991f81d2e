import process from 'node:process';

/**
 * How many cases a test takes of those that are alike, as kills, seeds and runs of a property are.
 *
 * @param enough shows what the test is about
 * @param all with `npm run test:all-cases`, which takes its time
 */
export function howMany(enough: number, all: number): number {
  return process.env['TEST_ALL_CASES'] === 'true' ? all : enough;
}
