import { variablesIn } from '@serve.zone/baseos-runner-core';
import { wayToCloudly } from '../facts/way-to-cloudly.js';
import type { CheckName } from './finding.js';

const state = variablesIn('state');
const supervisor = variablesIn('supervisor');

/** If one of these variables is mistaken, the check would look at something other than the agent does. */
export const restsOn: Readonly<Partial<Record<CheckName, readonly string[]>>> = {
  'state directory': state,
  'state file': state,
  clock: ['BASEOS_CLOUDLY_URL'],
  'name lookup': wayToCloudly,
  connection: wayToCloudly,
  TLS: wayToCloudly,
  Cloudly: wayToCloudly,
  'join token': ['BASEOS_CLOUDLY_URL', ...state, ...variablesIn('enrolment')],
  'Supervisor address': supervisor,
  'Supervisor key': supervisor,
  'Supervisor version': supervisor,
  'Supervisor apps': supervisor,
  agent: [...state, ...variablesIn('status')],
  waking: [...state, ...variablesIn('status')],
  commands: [...state, ...variablesIn('status'), ...variablesIn('commands'), ...supervisor],
};
