// The users of the application, which it has anyway. Here, each has a secret; yours sign in.
import type { Caller } from '@serve.zone/baseos-cloudly-handlers';

export interface User {
  name: string;
  mayOperate: boolean;
}

const users = new Map<string, User>([
  ['secret-of-ada', { name: 'ada', mayOperate: true }],
  ['secret-of-vic', { name: 'vic', mayOperate: false }],
]);

export function findUser(authorization: string | undefined): User | undefined {
  return users.get(authorization?.replace(/^Bearer /, '') ?? '');
}

/** What a user may do with the fleet, and under which name its events have it. */
export function callerOf(user: User | undefined): Caller | undefined {
  return user && { actor: `host:${user.name}`, role: user.mayOperate ? 'operate' : 'view' };
}
