/** A value of a list that newer Supervisors may extend. An editor completes the known values; any other is valid, too. */
export type OpenEnum<Known extends string> = Known | (string & Record<never, never>);
