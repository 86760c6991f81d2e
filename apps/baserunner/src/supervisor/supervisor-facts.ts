import type { Read, SupervisorLook } from './supervisor-look.js';

type Answers = Omit<SupervisorLook, 'address' | 'reads' | 'close'>;

export type Endpoint = keyof Answers;

/** What a Supervisor answered at some of its endpoints. */
export type SupervisorFacts<Name extends Endpoint = Endpoint> = { address: string } & {
  [Each in Name]: Awaited<ReturnType<Answers[Each]>>;
};

/** What the agent reads for every heartbeat, and whether anything answers at all. */
export const agentEndpoints = ['ping', 'version', 'device', 'stateStatus'] as const;

/** Those, and the apps. */
export const allEndpoints = [...agentEndpoints, 'apps'] as const;

/** Asks the endpoints in parallel; `undefined` where no Supervisor is configured. */
export async function supervisorFacts<Name extends Endpoint>(
  look: SupervisorLook | undefined,
  endpoints: readonly Name[],
): Promise<SupervisorFacts<Name> | undefined> {
  if (!look) return undefined;
  const asked = await Promise.all(endpoints.map(async (name) => [name, (await look[name]()) as Read<unknown>]));
  return { address: look.address, ...Object.fromEntries(asked) } as SupervisorFacts<Name>;
}
