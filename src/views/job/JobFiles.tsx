import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Job, JobFile, Output } from '../../model/contract';
import { FILES_WINDOW } from '../../model/files';
import type { IFilesSnapshot } from '../../stores/jobFiles';
import { Notice } from '../jobs/Notices';
import { errorText } from '../text/errorText';
import { bytesText } from '../text/quantityText';
import { countText, exactTimeText } from '../text/timeText';
import { FileActions } from './FileActions';
import type { IFileActions } from './FileActions';
import { FolderPath } from './FolderPath';
import { JobOutputs } from './JobOutputs';
import { Pages } from './Pages';

export interface IJobFilesProps extends IFileActions {
  job: Job;
  files: IFilesSnapshot;
  /** Somebody looks, or looks no more. */
  onLook: (isLooking: boolean) => void;
  /** Show a folder below the run directory. */
  onOpenFolder: (folder: string) => void;
  /** Show the window behind so many entries. */
  onGoTo: (offset: number) => void;
  /** Ask again what lies there. */
  onReload: () => void;
  trans: TranslationBundle;
}

/** What a job is to leave, and all that lies in its run directory. */
export function JobFiles(props: IJobFilesProps): JSX.Element {
  const { job, files, trans } = props;
  const { onLook } = props;
  React.useEffect(() => {
    onLook(true);
    return () => onLook(false);
  }, [onLook]);
  return (
    <div className="jp-BatchJobs-files">
      <JobOutputs {...props} outputs={job.outputs} />
      <section>
        <FolderPath
          folder={files.folder}
          onOpen={props.onOpenFolder}
          trans={trans}
        >
          <FileActions
            {...props}
            label={trans.__('this folder')}
            path={pathOf(job, files.folder)}
            download={null}
          />
          <CopyNodePath {...props} />
          <button
            type="button"
            className="jp-BatchJobs-link"
            onClick={props.onReload}
          >
            {trans.__('Reload')}
          </button>
        </FolderPath>
        {files.error && (
          <Notice
            tone="error"
            text={errorText(files.error, trans)}
            action={{ label: trans.__('Retry'), run: props.onReload }}
          />
        )}
        {files.isNothingSeen && (
          <Notice
            tone="warning"
            text={trans.__(
              'The job ran, and nothing that it wrote is to be seen from this Jupyter server: the machine that ran it may not share the run directory. What is listed here was written before.'
            )}
          />
        )}
        {files.files && <Folder {...props} shown={files.files} />}
      </section>
    </div>
  );
}

/** The path of a folder for the machine that runs the job, where it has another one. */
function CopyNodePath(props: IJobFilesProps): JSX.Element | null {
  const { job, files, trans } = props;
  if (job.node_directory === null) {
    return null;
  }
  const path = below(job.node_directory, files.folder);
  return (
    <button
      type="button"
      className="jp-BatchJobs-link"
      title={path}
      onClick={() => props.onCopyPath(path)}
    >
      {trans.__('Copy path where the job runs')}
    </button>
  );
}

/** A window of a folder, or that it is empty. */
function Folder(
  props: IJobFilesProps & { shown: readonly JobFile[] }
): JSX.Element {
  const { files, shown, trans } = props;
  if (files.total === 0) {
    return (
      <p className="jp-BatchJobs-quiet">{trans.__('The folder is empty.')}</p>
    );
  }
  return (
    <>
      <table className="jp-BatchJobs-plainTable" aria-label={trans.__('Files')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Name')}</th>
            <th scope="col" className="jp-mod-number">
              {trans.__('Size')}
            </th>
            <th scope="col">{trans.__('Modified')}</th>
            <th scope="col">{trans.__('Actions')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(file => (
            <FileRow key={file.path} {...props} file={file} />
          ))}
        </tbody>
      </table>
      {files.isMore && (
        <p className="jp-BatchJobs-quiet">
          {trans.__(
            'There are more than %1 entries; the others are not listed here.',
            countText(files.total)
          )}
        </p>
      )}
      <Pages
        offset={files.offset}
        shown={shown.length}
        total={files.total}
        window={FILES_WINDOW}
        onGoTo={props.onGoTo}
        trans={trans}
      />
    </>
  );
}

function FileRow(props: IJobFilesProps & { file: JobFile }): JSX.Element {
  const { job, file, trans } = props;
  return (
    <tr>
      <th scope="row" className="jp-mod-code">
        <FileName {...props} />
      </th>
      <td className="jp-mod-number">
        {file.size_bytes === null ? '–' : bytesText(file.size_bytes)}
      </td>
      <td>
        {file.modified_at === null ? '–' : exactTimeText(file.modified_at)}
      </td>
      <td>
        {file.kind === 'other' ? (
          <span className="jp-BatchJobs-quiet">
            {trans.__('a link or a device: not opened')}
          </span>
        ) : (
          <FileActions
            {...props}
            label={file.name}
            path={pathOf(job, file.path)}
            download={file.kind === 'file' ? file.path : null}
          />
        )}
      </td>
    </tr>
  );
}

/** The name of an entry, which opens what can be opened. */
function FileName(props: IJobFilesProps & { file: JobFile }): JSX.Element {
  const { job, file } = props;
  if (file.kind === 'folder') {
    return (
      <button
        type="button"
        className="jp-BatchJobs-link"
        onClick={() => props.onOpenFolder(file.path)}
      >
        {`${file.name}/`}
      </button>
    );
  }
  if (file.kind === 'other' || file.contents_path === null) {
    return <span>{file.name}</span>;
  }
  const { contents_path, size_bytes } = file;
  const output: Output = {
    path: pathOf(job, file.path),
    contents_path,
    size_bytes
  };
  return (
    <button
      type="button"
      className="jp-BatchJobs-link"
      onClick={() => props.onOpenFile(job, output)}
    >
      {file.name}
    </button>
  );
}

/** The absolute path of what lies below the run directory. */
function pathOf(job: Job, path: string): string {
  return below(job.run_directory, path);
}

function below(folder: string, path: string): string {
  return path ? `${folder}/${path}` : folder;
}
