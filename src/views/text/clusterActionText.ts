import type { TranslationBundle } from '@jupyterlab/translation';

import type { Cluster, ClusterCandidate } from '../../model/contract';
import type { IQuestion } from './actionText';
import { clusterStateText } from './clusterText';
import { countText, exactTimeText } from './timeText';

/** What was accepted, where that is not what was asked for. */
export function acceptedText(
  { name }: Cluster,
  message: string,
  trans: TranslationBundle
): string {
  return trans.__('%1: %2', name, message);
}

/** Why nothing was done with a cluster: it is not there, or not there yet. */
export function isOverText(cluster: Cluster, trans: TranslationBundle): string {
  return trans.__(
    '%1: %2. Nothing was done.',
    cluster.name,
    clusterStateText(cluster, trans)
  );
}

/** One of the clusters that another may be. */
export function candidateText(
  { native_id, created_at, state }: ClusterCandidate,
  trans: TranslationBundle
): string {
  return created_at === null
    ? trans.__('%1, %2', native_id, state)
    : trans.__(
        '%1, %2, started %3',
        native_id,
        state,
        exactTimeText(created_at)
      );
}

/** Who uses a cluster, as far as that is known. */
export interface IClusterUsers {
  /** Paths of notebooks. */
  readonly notebooks: readonly string[];
  /** Names of consoles, and of whatever else has a kernel. */
  readonly consoles: readonly string[];
  /** Clients that are connected beside those, or all of them where it is not told where they are. */
  readonly others: number;
  /** It is told where clients are. */
  readonly arePlacesKnown: boolean;
}

/** Ask whether a cluster is to be stopped; what is lost stands before the answer. */
export function stopQuestion(
  cluster: Cluster,
  users: IClusterUsers,
  trans: TranslationBundle
): IQuestion {
  const { processing = 0, waiting = 0 } = cluster.tasks ?? {};
  const working =
    processing + waiting > 0
      ? trans._n(
          '%2 of its tasks is not done yet.',
          '%2 of its tasks are not done yet.',
          processing + waiting,
          countText(processing + waiting)
        )
      : '';
  return {
    title: trans.__('Stop cluster %1?', cluster.name),
    body: [
      working,
      ...usersTexts(users, trans),
      trans.__('All results that are only in its memory are lost.')
    ]
      .filter(Boolean)
      .join(' '),
    keep: trans.__('Keep Cluster'),
    act: trans.__('Stop Cluster')
  };
}

function usersTexts(
  { notebooks, consoles, others, arePlacesKnown }: IClusterUsers,
  trans: TranslationBundle
): readonly string[] {
  const count = countText(others);
  return [
    notebooks.length > 0
      ? trans.__('These notebooks use it: %1.', notebooks.join(', '))
      : '',
    consoles.length > 0
      ? trans.__('These consoles use it: %1.', consoles.join(', '))
      : '',
    others === 0
      ? ''
      : arePlacesKnown
        ? trans._n(
            '%2 client is connected that is in no notebook or console of this server.',
            '%2 clients are connected that are in no notebook or console of this server.',
            others,
            count
          )
        : trans._n(
            '%2 client is connected; the gateway does not tell from where.',
            '%2 clients are connected; the gateway does not tell from where.',
            others,
            count
          )
  ];
}

/** Ask whether a cluster that is over is to leave the list. */
export function forgetQuestion(
  { name }: Cluster,
  trans: TranslationBundle
): IQuestion {
  return {
    title: trans.__('Forget cluster %1?', name),
    body: trans.__('It is over. It leaves the list, in every tab.'),
    keep: trans.__('Keep in List'),
    act: trans.__('Forget Cluster')
  };
}

/** That a cluster was not stopped; why stands behind it. */
export function notStoppedText(
  { name }: Cluster,
  message: string | null,
  trans: TranslationBundle
): string {
  return trans.__(
    '%1 was not stopped. %2',
    name,
    message ?? trans.__('The gateway gave no reason.')
  );
}

/** There is no cluster of which something could be shown. */
export function noClusterText(trans: TranslationBundle): string {
  return trans.__(
    'There is no Dask cluster for that. The panel shows which there are.'
  );
}

/** What to do instead of connecting a notebook: there is none, or it cannot be. */
export function noNotebookText(trans: TranslationBundle): string {
  return trans.__(
    'No notebook is open. Open one and connect it: the code goes below its active cell. In any other Python the same code works.'
  );
}

/** Why the kernel was not connected: there is none. */
export function noKernelText(trans: TranslationBundle): string {
  return trans.__(
    'No notebook with a kernel is in front. Open one, start its kernel and connect it again.'
  );
}

/** Ask whether the code that connects is to be run beside a notebook. */
export function kernelQuestion(
  { name }: Cluster,
  path: string,
  isBusy: boolean,
  trans: TranslationBundle
): IQuestion {
  const text = trans.__(
    'This runs in its kernel, and stands in none of its cells: its variable client is a client of %1 then.',
    name
  );
  return {
    title: trans.__('Connect the kernel of %1?', path),
    body: isBusy
      ? trans.__('%1 It is busy: this runs when it is free.', text)
      : text,
    keep: trans.__('Cancel'),
    act: trans.__('Connect')
  };
}

/** The kernel of a notebook is connected. */
export function kernelConnectedText(
  { name }: Cluster,
  path: string,
  trans: TranslationBundle
): string {
  return trans.__('%1: its variable client is connected to %2.', path, name);
}

/** The kernel of a notebook could not be connected. */
export function kernelFailedText(
  { name }: Cluster,
  path: string,
  error: string,
  trans: TranslationBundle
): string {
  return trans.__(
    'The kernel of %1 was not connected to %2: %3. The cluster is unharmed. Where dask is missing choose a kernel of the Python that runs the cluster.',
    path,
    name,
    error
  );
}

/** The notebook is none of Python. */
export function otherLanguageText(
  path: string,
  language: string,
  trans: TranslationBundle
): string {
  return trans.__(
    '%1 is a notebook of %2, and only Python connects to a Dask cluster. Nothing was put into it.',
    path,
    language
  );
}

/** The notebook cannot be changed. */
export function readOnlyText(path: string, trans: TranslationBundle): string {
  return trans.__('%1 cannot be changed, so nothing was put into it.', path);
}

/** Why nothing was done: the cluster is not what it was when the user was asked. */
export function clusterChangedText(
  cluster: Cluster,
  trans: TranslationBundle
): string {
  return trans.__(
    '%1 has changed meanwhile: it is %2 now. Nothing was done.',
    cluster.name,
    clusterStateText(cluster, trans).toLocaleLowerCase()
  );
}
