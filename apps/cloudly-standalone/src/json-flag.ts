export const jsonFlag = { type: 'boolean', description: 'Print the result as JSON, for programs' } as const;
