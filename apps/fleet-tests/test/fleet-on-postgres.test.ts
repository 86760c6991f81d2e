import { isSkipped, unlessInstalled } from '@serve.zone/baseos-cloudly-handlers/fixtures/postgres-server';
import { describe } from 'vitest';
import { createPostgresDatabase } from '../src/database/postgres-database.js';
import { whatAFleetGoesThrough } from './what-a-fleet-goes-through.js';

describe.skipIf(isSkipped)(`with two servers on PostgreSQL${unlessInstalled}`, () => {
  whatAFleetGoesThrough(createPostgresDatabase, 2);
});
