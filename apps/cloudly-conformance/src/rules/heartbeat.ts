import type { Section } from '../rule/rule.js';
import { content } from './heartbeat/content.js';
import { credentials } from './heartbeat/credentials.js';
import { statuses } from './heartbeat/statuses.js';
import { lateHeartbeats } from './heartbeat/late-heartbeats.js';

export const heartbeat: Section = {
  title: 'Heartbeat',
  rules: [...content, ...credentials, ...statuses, ...lateHeartbeats],
};
