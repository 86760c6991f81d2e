import type { Recovered } from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import { describes } from './describes.js';
import { shownJoinToken } from './fleet-schemas.js';
import { says } from './parts.js';
import { rollout } from './rollout-schemas.js';

export const recovered = describes<Recovered>()(
  v.object({
    revoked: says(v.array(shownJoinToken), 'The join tokens that were revoked.'),
    paused: says(v.array(rollout), 'The rollouts that were paused.'),
  }),
);
