// A consumer that is CommonJS: requires every way into the client's built package, and asks the Supervisor its version.
const process = require('node:process');

const [, , folder, ...ways] = process.argv;

function load(name) {
  return require(require.resolve(name, { paths: [folder] }));
}

const names = Object.fromEntries(ways.map((name) => [name, Object.keys(load(name)).length]));
const { SupervisorClient, isSupervisorError } = load(ways[0]);

async function read() {
  const version = await SupervisorClient.fromEnv().version();
  const refusal = await SupervisorClient.fromEnv({ BALENA_SUPERVISOR_ADDRESS: process.env.BALENA_SUPERVISOR_ADDRESS })
    .version()
    .catch((error) => ({ isSupervisorError: isSupervisorError(error), code: error.code }));
  process.stdout.write(JSON.stringify({ names, version, refusal }));
}

void read();
