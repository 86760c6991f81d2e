import { describe } from 'vitest';
import { createSqliteDatabase } from '../src/database/sqlite-database.js';
import { whatARolloutGoesThrough } from './what-a-rollout-goes-through.js';

describe('a rollout with a server on SQLite', () => {
  whatARolloutGoesThrough(createSqliteDatabase, 1);
});
