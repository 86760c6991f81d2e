import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import fc from 'fast-check';

// How often each property is run that does not say so itself.
fc.configureGlobal({ numRuns: howMany(40, 100) });
