import type {
  AccountChange,
  Accounts,
  Actor,
  FleetWideEventBody,
  WrittenEvent,
} from '@serve.zone/baseos-cloudly-handlers';

/** Who decides, and when. */
export interface By {
  actor: Actor;
  nowMs: number;
}

/** What is to become of the accounts. Pure: whoever has the lock may ask more than once. */
export type Decision<Result> = (accounts: Accounts) => AccountChange<Result>;

export function told({ actor, nowMs: atMs }: By, body: FleetWideEventBody): WrittenEvent {
  return { atMs, actor, ...body };
}

export function idsOf(accounts: readonly { id: string }[]): string[] {
  return accounts.map(({ id }) => id);
}
