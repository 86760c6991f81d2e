export const viewFlag = {
  type: 'string',
  valueHint: 'name',
  offers: 'views',
  description: 'The nodes of a saved view (`view list`)',
} as const;
