import { isSkipped, unlessInstalled } from '@serve.zone/baseos-cloudly-handlers/fixtures/postgres-server';
import { describe } from 'vitest';
import { createPostgresDatabase } from '../src/database/postgres-database.js';
import { whatARolloutGoesThrough } from './what-a-rollout-goes-through.js';

describe.skipIf(isSkipped)(`a rollout with two servers on PostgreSQL${unlessInstalled}`, () => {
  whatARolloutGoesThrough(createPostgresDatabase, 2);
});
