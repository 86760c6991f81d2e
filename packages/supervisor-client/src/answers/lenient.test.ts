import * as v from 'valibot';
import { expect, test } from 'vitest';
import { integer, lenientEntries, lenientList, optionalText, text } from './lenient.js';

const itemSchema = v.object({ id: integer, name: text, note: optionalText });

/** How often valibot is asked about an item. */
function countRuns() {
  const run = itemSchema['~run'].bind(itemSchema);
  let runs = 0;
  const counted = Object.assign(
    { ...itemSchema },
    {
      '~run': (...parameters: Parameters<typeof run>) => {
        runs += 1;
        return run(...parameters);
      },
    },
  );
  return { counted, runs: () => runs };
}

const strange = [1, 'a', null, true, {}, [], { id: 1 }, { name: 'a' }];
const good = [
  { id: 1, name: 'a' },
  { id: 2, name: 'b', note: 'c' },
];

test('obviously malformed members of a list are dropped by a quick check, and the others are kept', () => {
  const { counted, runs } = countRuns();
  const many = Array.from({ length: 1000 }, () => [...strange, ...good]).flat();
  const items = v.parse(lenientList(counted), many);
  expect(items).toHaveLength(2000);
  expect(items[0]).toMatchObject({ id: 1, name: 'a' });
  expect(runs()).toBe(2000);
});

test('members that only valibot can reject are dropped too', () => {
  expect(v.parse(lenientList(itemSchema), [{ id: 1.5, name: 'a' }, ...good])).toHaveLength(2);
  expect(v.is(lenientList(itemSchema), { length: 2 })).toBe(false);
});

test('obviously malformed values of an object are dropped by a quick check too', () => {
  const { counted, runs } = countRuns();
  const entries = v.parse(lenientEntries(counted), Object.fromEntries([...strange, ...good].entries()));
  expect(entries.map(([key]) => key)).toEqual(['8', '9']);
  expect(runs()).toBe(2);
});
