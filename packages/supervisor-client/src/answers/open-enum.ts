/** A value of a list that newer Supervisors may lengthen: the known ones complete in an editor, any other passes. */
export type OpenEnum<Known extends string> = Known | (string & Record<never, never>);
