import type { RequestRecord, Supervisor } from '@serve.zone/balena-supervisor-emulator';

export interface SupervisorWatch {
  /** Reports now what is new, so that it precedes its consequences. */
  look(): void;
  stop(): void;
}

const LOOK_EVERY_MS = 100;

/** Reports the requests to the emulated Supervisor and the progress of an update. */
export function watchSupervisor(supervisor: Supervisor, report: (text: string) => void): SupervisorWatch {
  let lastRequest: RequestRecord | undefined;
  let lastUpdate = describeUpdate(supervisor);
  const look = (): void => {
    const { requests } = supervisor;
    const fresh = requests.slice(lastRequest ? requests.lastIndexOf(lastRequest) + 1 : 0);
    lastRequest = requests.at(-1);
    if (fresh.length > 0) report(describeRequests(fresh));
    const update = describeUpdate(supervisor);
    if (update !== lastUpdate) report(update);
    lastUpdate = update;
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return { look, stop: () => clearInterval(timer) };
}

function describeRequests(requests: readonly RequestRecord[]): string {
  const asked = requests.map(({ method, path }) => `${method} ${path}`).join(', ');
  const refused = requests.filter(({ authenticated, path }) => !authenticated && path !== '/ping').length;
  return refused === 0
    ? `Received requests with its key: ${asked}.`
    : `Received requests: ${asked}; ${refused} of them without its key.`;
}

function describeUpdate({ state }: Supervisor): string {
  const [app] = state.apps;
  if (!app) return 'Runs no app.';
  const { update, appName, commit } = app;
  if (!update) return `Runs app ${appName} at release ${commit.slice(0, 7)}.`;
  return `Updates app ${appName} to release ${update.commit.slice(0, 7)}: ${update.stage}.`;
}
