import { FleetError } from '@serve.zone/baseos-cloudly-handlers';

export function unknownOperator(name: string): FleetError {
  return new FleetError('operator-unknown', `There is no operator ${name}`, { remedy: 'List the operators.' });
}

export function unknownInvitation(): FleetError {
  return new FleetError('invitation-unknown', 'There is no such invitation', {
    remedy: 'It may have been used, replaced by a newer one, revoked, or expired. Ask for another one.',
  });
}

export function unknownApiToken(apiTokenId: string): FleetError {
  return new FleetError('api-token-unknown', `There is no API token ${apiTokenId}`, {
    remedy: 'List the API tokens. It may be somebody else’s.',
  });
}

export function unknownSession(sessionId: string): FleetError {
  return new FleetError('session-unknown', `You have no session ${sessionId}`, { remedy: 'List your sessions.' });
}

export function nameTaken(what: string, name: string): FleetError {
  return new FleetError('name-taken', `${what} ${name} exists, or existed`, {
    remedy: 'Choose another name: events tell who did what by the names.',
  });
}

export function lastAdmin(name: string): FleetError {
  return new FleetError('last-admin', `${name} is the last admin of the whole fleet`, {
    remedy: 'Make somebody else an admin without a scope first.',
  });
}

/** The same for a name that nobody has. */
export function signInFailed(): FleetError {
  return new FleetError('sign-in-failed', 'The name or the password is wrong', {
    remedy: 'Try again. If you have forgotten your password, ask an admin for a new one.',
  });
}

export function sessionNeeded(toDo: string): FleetError {
  return new FleetError('session-needed', `Only somebody who has signed in can ${toDo}`, {
    remedy: 'Sign in with your name and your password.',
  });
}
