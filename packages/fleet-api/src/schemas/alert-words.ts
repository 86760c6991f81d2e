import {
  type AlertKind,
  alertKindNames,
  alertUrgencies,
  type NodeAlertKind,
  nodeAlertKinds,
} from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';

export const alertUrgency = v.picklist(alertUrgencies);

export const nodeAlertKind: v.GenericSchema<NodeAlertKind> = v.picklist(nodeAlertKinds);

export const alertKind: v.GenericSchema<AlertKind> = v.picklist(alertKindNames);
