/** For every TLS connection of the agent: left out, `NODE_TLS_REJECT_UNAUTHORIZED=0` of a fleet would decide. */
export const verified = { rejectUnauthorized: true } as const;
