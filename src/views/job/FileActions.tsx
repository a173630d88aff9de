import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Job, Output } from '../../model/contract';

/** What can be done with files of a job. */
export interface IFileActions {
  /** Open a file in JupyterLab, where it can be reached there. */
  onOpenFile: (job: Job, output: Output) => void;
  /** Put a path on the clipboard. */
  onCopyPath: (path: string) => void;
  /** Where the browser downloads a file of the run directory. */
  fileUrl: (path: string) => string;
}

/** Download a file, copy its path. */
export function FileActions(
  props: IFileActions & {
    /** What it is called. */
    label: string;
    /** Absolute. */
    path: string;
    /** Where it lies below the run directory; null if it cannot be downloaded. */
    download: string | null;
    trans: TranslationBundle;
  }
): JSX.Element {
  const { label, path, download, trans } = props;
  return (
    <>
      {download !== null && (
        <a
          className="jp-BatchJobs-link"
          href={props.fileUrl(download)}
          download=""
          aria-label={trans.__('Download %1', label)}
        >
          {trans.__('Download')}
        </a>
      )}
      <button
        type="button"
        className="jp-BatchJobs-link"
        aria-label={trans.__('Copy path of %1', label)}
        title={path}
        onClick={() => props.onCopyPath(path)}
      >
        {trans.__('Copy path')}
      </button>
    </>
  );
}
