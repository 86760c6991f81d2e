import { wayToCloudly } from '../facts/way-to-cloudly.js';
import type { CheckName } from './finding.js';

function secretVariable(name: string): string[] {
  return [name, `${name}_FILE`];
}

const supervisorSettings = ['BALENA_SUPERVISOR_ADDRESS', ...secretVariable('BALENA_SUPERVISOR_API_KEY')];

/** The variables without which a check would look at another thing than the agent does. */
export const restsOn: Readonly<Partial<Record<CheckName, readonly string[]>>> = {
  'state directory': ['BASEOS_STATE_PATH'],
  'state file': ['BASEOS_STATE_PATH'],
  clock: ['BASEOS_CLOUDLY_URL'],
  'name lookup': wayToCloudly,
  connection: wayToCloudly,
  TLS: wayToCloudly,
  Cloudly: wayToCloudly,
  'join token': [
    'BASEOS_CLOUDLY_URL',
    'BASEOS_STATE_PATH',
    ...secretVariable('BASEOS_JOIN_TOKEN'),
    ...secretVariable('BASEOS_NODE_TOKEN'),
  ],
  'Supervisor address': supervisorSettings,
  'Supervisor key': supervisorSettings,
  'Supervisor version': supervisorSettings,
  'Supervisor apps': supervisorSettings,
  agent: ['BASEOS_STATE_PATH', 'BASEOS_RUN_PATH'],
};
