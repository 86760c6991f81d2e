/** For every command that is about one operator. */
export const operatorFlag = {
  type: 'positional',
  required: true,
  called: 'an operator',
  description: 'The name of the operator, as in `operator list`',
} as const;
