// Shows each behaviour of the client in turn, on whatever runtime runs this file, and prints a line of JSON for each. The
// Supervisors it needs are made by whoever listens at CONTROL_URL.
import process from 'node:process';
import { SupervisorClient } from '@serve.zone/balena-supervisor-client';
import { behaviours, brisk } from './behaviours.mjs';

async function ask(path, body) {
  const response = await fetch(`${process.env.CONTROL_URL}${path}`, { method: 'POST', body: JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.message);
  return answer.result;
}

async function start(options = {}) {
  const { id, address, apiKey } = await ask('/', options);
  const control = (name, ...given) => ask(`/${id}/control/${name}`, given);
  control.requestsOf = (method) => ask(`/${id}/requests-of`, method);
  control.untilRequested = (path) => ask(`/${id}/until-requested`, path);
  control.untilUnconnected = () => ask(`/${id}/until-unconnected`);
  return { address, apiKey, control, client: new SupervisorClient({ address, apiKey, retry: brisk }) };
}

for (const [name, show] of Object.entries(behaviours)) {
  const shown = await show({ start }).then(
    () => ({ ok: true }),
    (error) => ({ ok: false, reason: error?.stack ?? String(error) }),
  );
  process.stdout.write(`${JSON.stringify({ name, ...shown })}\n`);
}

// A behaviour that was not shown may have left a connection open.
process.exit();
