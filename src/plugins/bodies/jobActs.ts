/** All that is done with a job but showing it, as one chunk: what is loaded at start knows one name of it. */
export { actOnJob } from './actOnJob';
export { cancelJob } from './cancelJob';
export { declareLost } from './declareLost';
export { forgetJob } from './forgetJob';
export { openOutput, showRunDirectory } from './openOutput';
export { resubmitJob } from './resubmitJob';
