/** The effects on a Cloudly of variables of Node itself that are set for other programs of the machine. */
export function nodeVariableWarnings(env: Readonly<Record<string, string | undefined>>): string[] {
  const isSet = (name: string): boolean => (env[name] ?? '').trim() !== '';
  const warnings: string[] = [];
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    warnings.push(
      'NODE_TLS_REJECT_UNAUTHORIZED=0 has no effect: the server verifies the certificate of PostgreSQL unless the connection string ' +
        'has sslmode=no-verify. Remove the variable.',
    );
  }
  if (isSet('NODE_OPTIONS')) {
    warnings.push(
      'NODE_OPTIONS also applies to this server: code that it loads can read every token, and a mistake in it prevents the ' +
        'start. Remove it from the environment of this service.',
    );
  }
  for (const name of ['NODE_DEBUG', 'NODE_DEBUG_NATIVE', 'SSLKEYLOGFILE'].filter(isSet)) {
    warnings.push(
      `${name} makes the runtime record network traffic, including tokens. Remove it from the environment of ` +
        'this service, and rotate the tokens that were recorded.',
    );
  }
  return warnings;
}
