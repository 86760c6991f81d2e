import type { MemberReason, MemberState, PauseReason } from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import { describes } from './describes.js';

export const pauseReason = describes<PauseReason>()(v.picklist(['operator', 'failures', 'window', 'recovered']));

export const memberState = describes<MemberState>()(
  v.picklist(['held', 'offered', 'running', 'deferred', 'succeeded', 'failed', 'unknown', 'skipped']),
);

export const memberReason = describes<MemberReason>()(
  v.picklist([
    'offline',
    'not-listed',
    'other-rollout',
    'clone-suspected',
    'node-forgotten',
    'out-of-scope',
    'other-release',
    'already',
    'offline-too-long',
    'left-out',
    'cancelled',
    'taken-over',
    'failed',
    'refused',
    'unsupported',
    'interrupted',
    'expired',
    'other-commit',
    'no-result',
    'withdrawn',
    'retry',
  ]),
);
