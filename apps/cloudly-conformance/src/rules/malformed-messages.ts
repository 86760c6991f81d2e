import type { Section } from '../rule/rule.js';
import { unreadableBodies } from './malformed-messages/unreadable-bodies.js';
import { readableBodies } from './malformed-messages/readable-bodies.js';
import { issues } from './malformed-messages/issues.js';
import { orderOfFaults } from './malformed-messages/order-of-faults.js';

export const malformedMessages: Section = {
  title: 'Messages that cannot be read',
  rules: [...unreadableBodies, ...readableBodies, ...issues, ...orderOfFaults],
};
