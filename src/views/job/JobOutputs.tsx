import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Job, Output } from '../../model/contract';
import { isFinal } from '../../model/phase';
import { bytesText } from '../text/quantityText';
import { FileActions } from './FileActions';
import type { IFileActions } from './FileActions';

type OutputsProps = IFileActions & {
  job: Job;
  outputs: readonly Output[];
  trans: TranslationBundle;
};

/** What the job is to leave, wherever that is; what the file browser can show opens from here. */
export function JobOutputs(props: OutputsProps): JSX.Element | null {
  const { outputs, trans } = props;
  if (outputs.length === 0) {
    return null;
  }
  return (
    <section className="jp-BatchJobs-outputs">
      <h3>{trans.__('Outputs')}</h3>
      <ul>
        {outputs.map(output => (
          <li key={output.path}>
            <OutputLine {...props} output={output} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function OutputLine(props: OutputsProps & { output: Output }): JSX.Element {
  const { job, output, trans } = props;
  const { path, contents_path, size_bytes } = output;
  const isThere = size_bytes !== null;
  const missing = isFinal(job.phase)
    ? trans.__('not there')
    : trans.__('not there yet');
  return (
    <>
      {contents_path !== null && isThere ? (
        <button
          type="button"
          className="jp-BatchJobs-link jp-mod-code"
          onClick={() => props.onOpenFile(job, output)}
        >
          {contents_path}
        </button>
      ) : (
        <span className="jp-mod-code">{path}</span>
      )}{' '}
      <span className="jp-BatchJobs-quiet">
        {isThere ? bytesText(size_bytes) : missing}
      </span>{' '}
      <FileActions
        {...props}
        label={contents_path ?? path}
        path={path}
        download={isThere ? belowRunDirectory(job, path) : null}
      />
    </>
  );
}

/** What the server can send: only what lies in the run directory. */
function belowRunDirectory(job: Job, path: string): string | null {
  const start = `${job.run_directory}/`;
  return path.startsWith(start) ? path.slice(start.length) : null;
}
