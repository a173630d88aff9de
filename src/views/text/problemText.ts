import type { TranslationBundle } from '@jupyterlab/translation';

import type { Problem, ProblemCode } from '../../model/contract';

/** Problems of which only the server knows what exactly was wrong. */
const SERVER_KNOWS: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'bad_request',
  'not_found',
  'not_valid',
  'warnings',
  'gateway_refused',
  'not_final',
  'log_not_readable',
  'file_not_readable'
]);

/** What happened, what is unharmed, what to do. */
export function problemText(
  problem: Pick<Problem, 'code' | 'message'>,
  trans: TranslationBundle
): string {
  return SERVER_KNOWS.has(problem.code) && problem.message
    ? problem.message
    : codeText(problem.code, trans);
}

/** The sentence for a code. */
function codeText(code: ProblemCode, trans: TranslationBundle): string {
  switch (code) {
    case 'bad_request':
    case 'not_json':
      return trans.__(
        'The server did not understand the request. Nothing was changed. Reload the page and try again.'
      );
    case 'too_large':
      return trans.__(
        'This is more than the server takes. Nothing was sent. Put long contents into a file.'
      );
    case 'unauthenticated':
      return trans.__(
        'You are not signed in to Jupyter. Your jobs go on. Sign in and try again.'
      );
    case 'forbidden':
      return trans.__(
        'You may not do this on this server. Nothing was changed.'
      );
    case 'not_found':
      return trans.__(
        'The Jupyter server does not know what this page asks: it has another version of jupyterlab-batch than the page. Your jobs go on, and forms are kept. Reload the page.'
      );
    case 'unknown_job':
      return trans.__('There is no such job.');
    case 'unknown_gateway':
      return trans.__(
        'This gateway is not configured. Nothing was sent. Choose another one.'
      );
    case 'unknown_cluster':
      return trans.__('There is no such cluster.');
    case 'unknown_draft':
      return trans.__('This form was not kept. Start a new one.');
    case 'key_missing':
      return trans.__(
        'The form was sent without its key. Nothing was submitted. Try again.'
      );
    case 'key_in_flight':
      return trans.__(
        'This form is being submitted at this moment. Wait for its job to appear.'
      );
    case 'key_reused':
      return trans.__(
        'This form was already submitted with other contents. Open its job, or submit it as another job.'
      );
    case 'job_forgotten':
      return trans.__(
        'This form was already submitted, and its job was forgotten since. Nothing was sent. Submit it as another job.'
      );
    case 'cluster_forgotten':
      return trans.__(
        'This was already sent, and its cluster was forgotten since. Nothing was started. Start another cluster.'
      );
    case 'not_running':
      return trans.__(
        'Nobody can connect to this cluster: it is not running. Nothing was done.'
      );
    case 'not_final':
      return trans.__('The job is not over yet. Nothing was changed.');
    case 'not_valid':
      return trans.__('The form has errors. Nothing was sent.');
    case 'warnings':
      return trans.__('There are warnings. Nothing was sent yet.');
    case 'gateway_refused':
      return trans.__(
        'The batch system refused the job. Nothing was submitted. Change the form and try again.'
      );
    case 'gateway_unreachable':
      return trans.__(
        'The batch system did not answer. Nothing was sent, and your form is kept. Try again.'
      );
    case 'gateway_not_signed_in':
      return trans.__(
        'The batch system does not accept your credential. Your form is kept. Sign in to it and try again.'
      );
    case 'log_not_readable':
      return trans.__('The log cannot be read.');
    case 'file_not_readable':
      return trans.__('The file cannot be read.');
    case 'store_changed':
      return trans.__('The list was renewed. Look again.');
    case 'too_many_drafts':
      return trans.__(
        'There are too many forms that were not submitted. Submit or discard one of them.'
      );
    case 'store_unavailable':
      return trans.__(
        'The server cannot use its store of jobs now. Nothing was submitted or changed; your jobs go on, and what you typed is kept here. Try again in a moment.'
      );
    case 'store_of_newer_version':
      return trans.__(
        'A newer version of jupyterlab-batch wrote the store of jobs, and this version cannot read it. Nothing was submitted or changed; your jobs go on, and what you typed is kept here. Trying again helps once that version is installed, or the store moved away, and the Jupyter server restarted.'
      );
    case 'internal':
      return trans.__(
        'Something went wrong on the server. Your jobs and forms are kept. Its log says more.'
      );
  }
}
