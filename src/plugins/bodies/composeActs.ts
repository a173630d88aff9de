/** All ways into the form for a job, as one chunk: what is loaded at start knows one name of it. */
export {
  editJob,
  openCompose,
  openDraft,
  runNotebook,
  runScript
} from './openCompose';
export { chooseScript, openScript } from './openScript';
export { chooseTemplate, openTemplate } from './templates';
