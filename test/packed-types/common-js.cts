// The client, in a program that is CommonJS.
import { capabilitiesOf, isSupervisorError, SupervisorClient } from '@serve.zone/balena-supervisor-client';
import { journalLogs } from '@serve.zone/balena-supervisor-client/logs';
import { withLock } from '@serve.zone/balena-supervisor-client/update-lock';

export async function read(): Promise<string | undefined> {
  const supervisor = SupervisorClient.fromEnv();
  try {
    await withLock(async (lock) => lock.isHeld());
    for await (const { message } of journalLogs(supervisor, { format: 'json' })) return message;
    return (await supervisor.device()).commit;
  } catch (error) {
    return isSupervisorError(error) ? error.code : undefined;
  }
}

export const canCancel: boolean = capabilitiesOf('19.0.5').updateCancel;
