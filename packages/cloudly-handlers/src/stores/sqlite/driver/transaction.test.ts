import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { inSavepoints, transaction } from './transaction.js';

function openTable() {
  const database = new DatabaseSync(':memory:');
  onTestFinished(() => database.close());
  database.exec('CREATE TABLE kept (name TEXT PRIMARY KEY) STRICT');
  const insert = database.prepare('INSERT INTO kept VALUES (?)');
  return {
    database,
    add: (name: string) => () => {
      insert.run(name);
      return name;
    },
    kept: () =>
      database
        .prepare('SELECT name FROM kept ORDER BY rowid')
        .all()
        .map(({ name }) => name),
  };
}

test('a work that fails in a shared transaction changes nothing, and the others stay', () => {
  const { database, add, kept } = openTable();
  const addTwice = () => {
    add('b')();
    add('a')();
  };
  const ended = transaction(database, () => inSavepoints(database, [add('a'), addTwice, add('c')], 1000));
  expect(ended).toEqual([{ result: 'a' }, { error: expect.objectContaining({ errcode: 1555 }) }, { result: 'c' }]);
  expect(kept()).toEqual(['a', 'c']);
});

test('a work that undoes the whole transaction fails it', () => {
  const { database, add, kept } = openTable();
  const undo = () => {
    // As SQLite does when the disk is full.
    database.exec('ROLLBACK');
    throw new Error('the disk is full');
  };
  const works = [add('a'), undo, add('c')];
  expect(() => transaction(database, () => inSavepoints(database, works, 1000))).toThrow('the disk is full');
  expect(kept()).toEqual([]);
});

test('no further work begins once the first ones have taken their time', () => {
  const { database, add, kept } = openTable();
  const works = [add('a'), add('b')];
  expect(transaction(database, () => inSavepoints(database, works, 0))).toEqual([{ result: 'a' }]);
  expect(kept()).toEqual(['a']);
});
