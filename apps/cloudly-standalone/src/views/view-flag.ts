export const viewFlag = {
  type: 'string',
  valueHint: 'name',
  description: 'The nodes of a saved view (`view list`)',
} as const;
