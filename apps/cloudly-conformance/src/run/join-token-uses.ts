/** How many new nodes a run registers with `--join-token` at most. */
export const JOIN_TOKEN_USES = 110;
