import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { ClusterForm } from '../views/clusters/ClusterForm';
import { IdentifyForm } from '../views/clusters/IdentifyForm';
import { ScaleForm } from '../views/clusters/ScaleForm';
import { blockingField } from '../views/text/clusterFormText';
import { useSnapshot } from '../views/useSnapshot';
import type { ClusterFormModel } from './clusterFormModel';
import { FormDialog } from './formDialog';
import type { IdentifyModel } from './identifyModel';
import type { ScaleModel } from './scaleModel';

/** Asks what a new cluster is to be, and stays until it is started or the user leaves. */
export function newClusterDialog(options: {
  model: ClusterFormModel;
  /** Interpreters that notebooks run with here. */
  pythons: readonly string[];
  /** It is to be saved as a template; the dialog is closed for that. */
  onSave: () => void;
  trans: TranslationBundle;
}): FormDialog {
  const { model, onSave, trans } = options;
  const save = (): void => {
    onSave();
    dialog.reject();
  };
  const dialog = new FormDialog({
    title: trans.__('New Dask cluster'),
    body: ReactWidget.create(<LiveClusterForm {...options} onSave={save} />),
    model,
    accept: trans.__('Start'),
    busy: trans.__('Starting…'),
    blocking: () => blockingField(model.snapshot, trans),
    trans
  });
  return dialog;
}

/** Asks how many workers a cluster is to have, and stays until that was taken or the user leaves. */
export function scaleDialog(options: {
  model: ScaleModel;
  trans: TranslationBundle;
}): FormDialog {
  const { model, trans } = options;
  return new FormDialog({
    title: trans.__('Scale %1', model.snapshot.cluster.name),
    body: ReactWidget.create(<LiveScaleForm {...options} />),
    model,
    accept: trans.__('Scale'),
    busy: trans.__('Scaling…'),
    blocking: () => blockingField(model.snapshot, trans),
    trans
  });
}

/** Asks which cluster it is whose answer was lost. */
export function identifyDialog(options: {
  model: IdentifyModel;
  trans: TranslationBundle;
}): FormDialog {
  const { model, trans } = options;
  return new FormDialog({
    title: trans.__('Which cluster is %1?', model.snapshot.cluster.name),
    body: ReactWidget.create(<LiveIdentifyForm {...options} />),
    model,
    accept: trans.__('Confirm'),
    busy: trans.__('Confirming…'),
    blocking: () => null,
    trans
  });
}

function LiveIdentifyForm(props: {
  model: IdentifyModel;
  trans: TranslationBundle;
}): JSX.Element {
  const { model, trans } = props;
  return (
    <IdentifyForm
      state={useSnapshot(model)}
      onChoose={nativeId => model.choose(nativeId)}
      trans={trans}
    />
  );
}

function LiveClusterForm(props: {
  model: ClusterFormModel;
  pythons: readonly string[];
  onSave: () => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { model } = props;
  return (
    <ClusterForm
      state={useSnapshot(model)}
      pythons={props.pythons}
      onChange={changes => model.update(changes)}
      onGateway={id => model.chooseGateway(id)}
      onSave={props.onSave}
      trans={props.trans}
    />
  );
}

function LiveScaleForm(props: {
  model: ScaleModel;
  trans: TranslationBundle;
}): JSX.Element {
  const { model } = props;
  return (
    <ScaleForm
      state={useSnapshot(model)}
      onChange={changes => model.update(changes)}
      trans={props.trans}
    />
  );
}
