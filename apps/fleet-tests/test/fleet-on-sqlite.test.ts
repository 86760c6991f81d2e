import { describe } from 'vitest';
import { createSqliteDatabase } from '../src/database/sqlite-database.js';
import { whatADatabaseGoesThrough } from './what-a-fleet-goes-through.js';

describe('with one server on SQLite', () => {
  whatADatabaseGoesThrough(createSqliteDatabase, 1);
});
