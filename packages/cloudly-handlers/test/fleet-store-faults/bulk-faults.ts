import { unscoped, type Faults } from './fault.js';

export const bulkFaults: Faults = {
  'works on nodes that match when the job begins': {
    breaks: ['freezes which nodes'],
    operator: (operator) => ({
      async takeBulkNodes(jobId, ...rest) {
        const taken = await operator.takeBulkNodes(jobId, ...rest);
        return taken.length > 0 ? [...taken, 'd'] : [];
      },
    }),
  },
  'begins jobs that are confirmed too late': {
    breaks: ['begins a job that is confirmed in time'],
    operator: (_operator, by, store) => ({
      confirmBulkJob: (jobId) => store.as({ ...by, nowMs: by.nowMs - 3_600_000 }).confirmBulkJob(jobId),
    }),
  },
  'gives one node to several workers': {
    breaks: ['gives a node to one worker', 'shares the nodes of a job'],
    operator: (operator) => ({ takeBulkNodes: (jobId, limit) => operator.takeBulkNodes(jobId, limit, 0) }),
  },
  'never takes a node again that somebody has left': {
    breaks: ['gives a node to one worker'],
    operator: (operator) => ({ takeBulkNodes: (jobId, limit) => operator.takeBulkNodes(jobId, limit, Infinity) }),
  },
  'never says that a job has ended': {
    breaks: ['ends with the last result', 'ends a job without nodes', 'begins no further node'],
    operator: (operator) => ({
      async findBulkJob(jobId) {
        const progress = await operator.findBulkJob(jobId);
        delete progress?.job.endedAtMs;
        return progress;
      },
    }),
  },
  'does not stop': {
    breaks: ['begins no further node'],
    operator: (operator) => ({ stopBulkJob: async (jobId) => (await operator.findBulkJob(jobId))?.job }),
  },
  'lists the oldest jobs first': {
    breaks: ['lists jobs, the newest first'],
    operator: (operator) => ({ listBulkJobs: async (limit) => (await operator.listBulkJobs(limit)).toReversed() }),
  },
  'shows everybody the jobs of all': {
    breaks: ['shows those with a scope their own jobs'],
    operator: unscoped('findBulkJob'),
  },
  'lets everybody confirm the jobs of all': {
    breaks: ['shows those with a scope their own jobs'],
    operator: unscoped('confirmBulkJob'),
  },
};
