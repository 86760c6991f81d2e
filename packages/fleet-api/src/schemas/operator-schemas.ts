import { roles } from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import type {
  Me,
  OfferedInvitation,
  ShownApiToken,
  ShownInvitation,
  ShownOperator,
  ShownSession,
} from '../operators/operators.js';
import { describes } from './describes.js';
import { actor, flag, instant, maybe, text } from './parts.js';

/** A role, and a scope such as `label.site=berlin`. */
export const rights = { role: v.picklist(roles), scope: maybe(text) };

export const me = describes<Me>()(
  v.object({
    name: text,
    kind: v.picklist(['operator', 'api-token', 'host']),
    ...rights,
    expiresAtMs: maybe(instant),
  }),
);

export const shownOperator = describes<ShownOperator>()(
  v.object({ name: text, ...rights, passwordSetAtMs: instant, joinedAtMs: instant, invitedBy: actor }),
);

export const shownInvitation = describes<ShownInvitation>()(
  v.object({
    id: text,
    createdAtMs: instant,
    createdBy: actor,
    expiresAtMs: instant,
    offers: v.variant('kind', [
      v.object({ kind: v.literal('first') }),
      v.object({ kind: v.literal('join'), name: text, ...rights }),
      v.object({ kind: v.literal('new-password'), name: text }),
    ]),
  }),
);

export const offeredInvitation = describes<OfferedInvitation>()(v.object({ link: text, record: shownInvitation }));

export const shownApiToken = describes<ShownApiToken>()(
  v.object({
    id: text,
    name: text,
    ...rights,
    createdAtMs: instant,
    createdBy: actor,
    operator: maybe(text),
    parentTokenId: maybe(text),
    expiresAtMs: maybe(instant),
    revokedAtMs: maybe(instant),
    revokedReason: maybe(text),
    lastUsedAtMs: maybe(instant),
  }),
);

export const createdApiToken = describes<{ token: string; record: ShownApiToken }>()(
  v.object({ token: text, record: shownApiToken }),
);

export const shownSession = describes<ShownSession>()(
  v.object({
    id: text,
    createdAtMs: instant,
    expiresAtMs: instant,
    address: maybe(text),
    userAgent: maybe(text),
    lastUsedAtMs: instant,
    isCurrent: flag,
  }),
);
