import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { RunDirectory } from '../../model/contract';
import type { IRunDirectoriesSnapshot } from '../../stores/runDirectories';
import { Notice } from '../jobs/Notices';
import { sizesText } from '../text/directoryText';
import { errorText } from '../text/errorText';
import { bytesText } from '../text/quantityText';
import { exactTimeText, momentText } from '../text/timeText';

export interface IRunDirectoriesProps {
  directories: IRunDirectoriesSnapshot;
  selected: readonly RunDirectory[];
  /** Milliseconds since the epoch. */
  now: number;
  onChoose: (jobIds: readonly string[], isChosen: boolean) => void;
  /** Ask the user, then remove what is selected. */
  onRemove: () => void;
  onMore: () => void;
  onReload: () => void;
  onOpenJob: (jobId: string) => void;
  trans: TranslationBundle;
}

/** What the run directories take up, and the way to be rid of some. */
export function RunDirectories(props: IRunDirectoriesProps): JSX.Element {
  const { directories, trans } = props;
  const { rows, error, refused, cursor } = directories;
  return (
    <div
      className="jp-BatchJobs-directories"
      aria-busy={directories.isBusy || undefined}
    >
      <Head {...props} />
      {error && (
        <Notice
          tone="error"
          text={errorText(error, trans)}
          action={{ label: trans.__('Retry'), run: props.onReload }}
        />
      )}
      {refused.map(({ job_id, message }) => (
        <Notice key={job_id} tone="error" text={message ?? job_id} />
      ))}
      {rows && rows.length === 0 && (
        <p className="jp-BatchJobs-quiet">
          {trans.__('There are no run directories.')}
        </p>
      )}
      {rows && rows.length > 0 && <Directories {...props} rows={rows} />}
      {cursor !== null && (
        <button
          type="button"
          className="jp-BatchJobs-link"
          onClick={props.onMore}
        >
          {trans.__('Show older ones')}
        </button>
      )}
    </div>
  );
}

/** What is selected, and what can be done about it. */
function Head(props: IRunDirectoriesProps): JSX.Element {
  const { selected, directories, trans } = props;
  const cannot = selected.length === 0 || directories.isBusy;
  return (
    <div>
      <h2>{trans.__('Run directories')}</h2>
      <p className="jp-BatchJobs-quiet">
        {trans.__(
          'Each job keeps its logs, outputs and a copy of what ran in a folder of its own. None is ever removed by itself.'
        )}
      </p>
      <div className="jp-BatchJobs-directoriesBar">
        <span role="status">
          {selected.length > 0
            ? trans.__('Selected: %1', sizesText(selected, trans))
            : trans.__('Nothing is selected')}
        </span>
        <button
          type="button"
          className="jp-mod-styled jp-mod-warn"
          aria-disabled={cannot}
          onClick={() => !cannot && props.onRemove()}
        >
          {trans.__('Remove…')}
        </button>
        <button
          type="button"
          className="jp-BatchJobs-link"
          onClick={props.onReload}
        >
          {trans.__('Reload')}
        </button>
      </div>
    </div>
  );
}

function Directories(
  props: IRunDirectoriesProps & { rows: readonly RunDirectory[] }
): JSX.Element {
  const { rows, selected, trans } = props;
  const removable = rows.filter(({ is_over }) => is_over);
  return (
    <table aria-label={trans.__('Run directories')}>
      <thead>
        <tr>
          <th scope="col">
            <input
              type="checkbox"
              aria-label={trans.__('Select all whose job is over')}
              checked={
                removable.length > 0 && selected.length === removable.length
              }
              disabled={removable.length === 0}
              onChange={({ target }) =>
                props.onChoose(
                  removable.map(({ job_id }) => job_id),
                  target.checked
                )
              }
            />
          </th>
          <th scope="col">{trans.__('Job')}</th>
          <th scope="col">{trans.__('State')}</th>
          <th scope="col">{trans.__('Made')}</th>
          <th scope="col" className="jp-mod-number">
            {trans.__('Size')}
          </th>
          <th scope="col">{trans.__('Folder')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <DirectoryRow key={row.path} {...props} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function DirectoryRow(
  props: IRunDirectoriesProps & { row: RunDirectory }
): JSX.Element {
  const { row, directories, now, trans } = props;
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          aria-label={trans.__('Select %1', row.name)}
          checked={directories.chosen.has(row.job_id)}
          disabled={!row.is_over}
          title={row.is_over ? '' : trans.__('Its job is not over yet')}
          onChange={({ target }) =>
            props.onChoose([row.job_id], target.checked)
          }
        />
      </td>
      <td>
        {row.is_forgotten ? (
          row.name
        ) : (
          <button
            type="button"
            className="jp-BatchJobs-link"
            onClick={() => props.onOpenJob(row.job_id)}
          >
            {row.name}
          </button>
        )}
      </td>
      <td>{stateText(row, trans)}</td>
      <td title={exactTimeText(row.created_at)}>
        {momentText(row.created_at, now)}
      </td>
      <td className="jp-mod-number">
        {row.size_bytes === null
          ? trans.__('not known yet')
          : bytesText(row.size_bytes)}
      </td>
      <td className="jp-BatchJobs-directoriesPath">{row.path}</td>
    </tr>
  );
}

function stateText(row: RunDirectory, trans: TranslationBundle): string {
  if (!row.is_over) {
    return trans.__('Not over');
  }
  return row.is_forgotten ? trans.__('Over, forgotten') : trans.__('Over');
}
