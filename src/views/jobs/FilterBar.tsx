import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { Gateway } from '../../model/contract';
import { PHASE_WORDS } from '../../model/query';
import { ageText } from '../text/timeText';
import { gatewayText, isWell } from './Notices';

/** More gateways than this are a menu. */
const MOST_CHIPS = 4;

export interface IFilterBarProps {
  gateways: readonly Gateway[];
  /** Ids of the gateways whose jobs are shown; none of them means all. */
  chosen: readonly string[];
  /** What is typed. */
  text: string;
  /** What of it is no phase. */
  unknownPhases: readonly string[];
  /** Milliseconds since the epoch. */
  now: number;
  onChoose: (gatewayIds: readonly string[]) => void;
  onText: (text: string) => void;
  trans: TranslationBundle;
}

/** Which jobs are shown: the gateways, with how they are, and what is typed. */
export function FilterBar(props: IFilterBarProps): JSX.Element {
  const { gateways } = props;
  return (
    <div className="jp-BatchJobs-filter">
      {gateways.length > MOST_CHIPS && <GatewayMenu {...props} />}
      {gateways.length > 1 && gateways.length <= MOST_CHIPS && (
        <GatewayChips {...props} />
      )}
      <QueryInput {...props} />
    </div>
  );
}

function GatewayChips(props: IFilterBarProps): JSX.Element {
  const { chosen, trans } = props;
  return (
    <div
      role="group"
      className="jp-BatchJobs-chips"
      aria-label={trans.__('Gateways shown')}
    >
      {props.gateways.map(gateway => {
        const isChosen = chosen.includes(gateway.id);
        const others = chosen.filter(id => id !== gateway.id);
        return (
          <button
            key={gateway.id}
            type="button"
            className={`jp-BatchJobs-chip ${isWell(gateway) ? '' : 'jp-mod-unwell'}`}
            aria-pressed={isChosen}
            title={
              isWell(gateway)
                ? trans.__('Show only jobs on %1', gateway.title)
                : gatewayText(gateway, props.now, trans)
            }
            onClick={() =>
              props.onChoose(isChosen ? others : [...others, gateway.id])
            }
          >
            {chipText(gateway, props.now, trans)}
          </button>
        );
      })}
    </div>
  );
}

function GatewayMenu(props: IFilterBarProps): JSX.Element {
  const { gateways, chosen, trans } = props;
  const unwell = gateways.filter(gateway => !isWell(gateway)).length;
  return (
    <select
      className="jp-BatchJobs-gatewayMenu"
      aria-label={trans.__('Gateway')}
      value={chosen[0] ?? ''}
      onChange={({ target }) =>
        props.onChoose(target.value === '' ? [] : [target.value])
      }
    >
      <option value="">
        {unwell > 0
          ? trans.__('All gateways (%1 not well)', unwell)
          : trans.__('All gateways')}
      </option>
      {gateways.map(gateway => (
        <option key={gateway.id} value={gateway.id}>
          {chipText(gateway, props.now, trans)}
        </option>
      ))}
    </select>
  );
}

/** The name of a gateway, and what is amiss with it: `Slurm · 3 min old`. */
function chipText(
  gateway: Gateway,
  now: number,
  trans: TranslationBundle
): string {
  const { title, health } = gateway;
  if (isWell(gateway)) {
    return title;
  }
  if (health.auth_ok === false) {
    return trans.__('%1 · not signed in', title);
  }
  return health.as_of === null
    ? trans.__('%1 · no answer', title)
    : `${title} · ${ageText(Date.parse(health.as_of), now, trans)}`;
}

/** The field for the filter; Escape empties it. */
export function QueryInput(
  props: Pick<IFilterBarProps, 'text' | 'unknownPhases' | 'onText' | 'trans'>
): JSX.Element {
  const { unknownPhases, trans } = props;
  const hintId = React.useId();
  const isWrong = unknownPhases.length > 0;
  return (
    <div className="jp-BatchJobs-query">
      <input
        type="search"
        className="jp-BatchJobs-queryInput"
        aria-label={trans.__('Filter jobs')}
        aria-describedby={isWrong ? hintId : undefined}
        aria-invalid={isWrong}
        placeholder={trans.__('Name, tag:x, phase:failed')}
        title={trans.__(
          'Words of the name, phase:failed, gateway:slurm, tag:x. Quotes keep words together.'
        )}
        value={props.text}
        spellCheck={false}
        onChange={({ target }) => props.onText(target.value)}
        onKeyDown={event => {
          if (event.key === 'Escape' && props.text !== '') {
            event.stopPropagation();
            props.onText('');
          }
        }}
      />
      {isWrong && (
        <div id={hintId} role="status" className="jp-BatchJobs-queryHint">
          {trans.__(
            '%1 is no phase. Phases: %2',
            unknownPhases.join(', '),
            Object.values(PHASE_WORDS).join(', ')
          )}
        </div>
      )}
    </div>
  );
}
