import { randomUUID } from 'node:crypto';
import memory from 'pouchdb-adapter-memory';
import PouchDB from 'pouchdb-core';
import mapreduce from 'pouchdb-mapreduce';

PouchDB.plugin(memory).plugin(mapreduce);

/** A new and empty database, in memory. */
export function openDatabase(name: string = randomUUID()): PouchDB.Database {
  return new PouchDB(name, { adapter: 'memory', auto_compaction: true });
}
