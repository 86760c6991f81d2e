/** Says how to restart a service of each device, a few at a time. */
export function inviteToRollOut(devices: number, databasePath: string): string {
  const cloudly = (command: string): string => `    npm run -s cloudly -- ${command} --data ${databasePath}\n`;
  return (
    `\nThere are ${devices} devices. To restart a service on all of them, wave by wave, run in another terminal:\n` +
    cloudly("rollout create 'First try' restart-service --service main") +
    cloudly("rollout start 'First try' --watch")
  );
}
