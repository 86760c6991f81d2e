import { isSkipped, unlessInstalled } from '@serve.zone/baseos-cloudly-handlers/fixtures/postgres-server';
import { describe } from 'vitest';
import { createPostgresDatabase } from '../../src/database/postgres-database.js';
import { describeFloods } from './what-floods-cost.js';

describe.skipIf(isSkipped)(`on PostgreSQL${unlessInstalled}`, () => {
  describeFloods('PostgreSQL', createPostgresDatabase);
});
