import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Job, JobEvent } from '../../model/contract';
import { phaseText } from '../text/phaseText';
import { reasonText } from '../text/reasonText';
import { exactTimeText } from '../text/timeText';

/** When a job came into which phase, and why. */
export function JobEvents(props: {
  job: Job;
  events: readonly JobEvent[];
  trans: TranslationBundle;
}): JSX.Element | null {
  const { job, events, trans } = props;
  if (events.length === 0) {
    return null;
  }
  return (
    <section className="jp-BatchJobs-events">
      <h3>{trans.__('What happened')}</h3>
      <table
        className="jp-BatchJobs-plainTable"
        aria-label={trans.__('What happened')}
      >
        <thead>
          <tr>
            <th scope="col">{trans.__('When')}</th>
            <th scope="col">{trans.__('State')}</th>
            <th scope="col">{trans.__('Attempt')}</th>
            <th scope="col">{trans.__('Why')}</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event, index) => (
            <tr key={index}>
              <td>{exactTimeText(event.at)}</td>
              <td>{phaseText(event.phase, trans)}</td>
              <td>{event.attempt}</td>
              <td>
                {reasonText(
                  {
                    reason: event.reason,
                    reason_text: event.reason_text,
                    memory_bytes: job.memory_bytes,
                    memory_peak_bytes: job.memory_peak_bytes,
                    walltime_seconds: job.walltime_seconds
                  },
                  trans
                ) || '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
