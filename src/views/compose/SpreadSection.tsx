import * as React from 'react';

import type { Gateway } from '../../model/contract';
import { TextField } from './Field';
import type { IFormHandle } from './formHandle';
import { isOffered } from './PlacementFields';

/** Over which nodes and processes a job is spread, and what it needs of their disks. */
export function SpreadSection(props: {
  form: IFormHandle;
  gateway: Gateway | undefined;
}): JSX.Element | null {
  const { form, gateway } = props;
  const { content, trans } = form;
  const hasNodes = isOffered(gateway, 'resources.nodes', content.nodes);
  const hasProcesses = isOffered(
    gateway,
    'resources.processes',
    content.processes
  );
  const hasScratch = isOffered(
    gateway,
    'resources.scratch_bytes',
    content.scratch
  );
  if (!hasNodes && !hasProcesses && !hasScratch) {
    return null;
  }
  const { nodes, processes } = content;
  return (
    <details className="jp-BatchJobs-fold">
      <summary>
        {trans.__('Nodes and processes')}{' '}
        <span>
          {nodes || processes
            ? trans.__('%1 nodes, %2 processes', nodes || '–', processes || '–')
            : trans.__('one process')}
        </span>
      </summary>
      <div className="jp-BatchJobs-fields">
        {hasNodes && (
          <TextField
            form={form}
            field="spec.resources.nodes"
            label={trans.__('Nodes')}
            placeholder={trans.__('as fits')}
            value={nodes}
            onChange={value => form.change({ nodes: value })}
          />
        )}
        {hasProcesses && (
          <TextField
            form={form}
            field="spec.resources.processes"
            label={trans.__('Processes')}
            placeholder={trans.__('one a node')}
            value={processes}
            hint={trans.__('MPI ranks, which the job itself starts.')}
            onChange={value => form.change({ processes: value })}
          />
        )}
        {hasScratch && (
          <TextField
            form={form}
            field="spec.resources.scratch_bytes"
            label={trans.__('Space on the node’s disk')}
            placeholder={trans.__('none')}
            value={content.scratch}
            onChange={scratch => form.change({ scratch })}
          />
        )}
      </div>
      <p className="jp-BatchJobs-hint">
        {trans.__(
          'Then cores are those of each process, and memory is that on each node.'
        )}
      </p>
    </details>
  );
}
