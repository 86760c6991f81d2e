import { type Accounts, type Rights, isUsableApiToken } from '@serve.zone/baseos-cloudly-handlers';
import { isLiveOperator } from './lapses.js';
import { scopeOf } from '../identity/rights.js';

/** The keys of labels that somebody's scope uses, or will use: they decide who sees a node. */
export function scopedKeys({ operators, invitations, apiTokens }: Accounts, nowMs: number): string[] {
  const rights: Pick<Rights, 'scope'>[] = [
    ...operators.filter(isLiveOperator),
    ...invitations.flatMap(({ offers }) => (offers.kind === 'join' ? [offers] : [])),
    ...apiTokens.filter((apiToken) => isUsableApiToken(apiToken, nowMs)),
  ];
  return rights.flatMap((each) => scopeOf(each)?.terms.map(({ key }) => key) ?? []);
}
