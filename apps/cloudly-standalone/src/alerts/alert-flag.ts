/** Of every command that is about one alert. */
export const alertFlag = {
  type: 'positional',
  required: true,
  called: 'an alert',
  description:
    'The ID of the alert, as `alert list --columns id` shows it: its kind and its node, such as offline:till-7',
} as const;
