import { describe } from 'vitest';
import { createSqliteDatabase } from '../src/database/sqlite-database.js';
import { whatAFleetGoesThrough } from './what-a-fleet-goes-through.js';

describe('with one server on SQLite', () => {
  whatAFleetGoesThrough(createSqliteDatabase, 1);
});
