import type { IDisposable } from '@lumino/disposable';
import { Debouncer, Poll } from '@lumino/polling';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { BatchError } from '../api/errors';
import type { IClusterClient, IClusterStore } from '../clusterTokens';
import { keptTexts, textsOf, toClusterSubmission } from '../model/clusterForm';
import type { ClusterTexts } from '../model/clusterForm';
import type { Cluster, ClusterOffer, Issue } from '../model/contract';
import { newDraftKey } from '../model/draft';
import type { IClusterFormState } from '../views/clusters/ClusterForm';
import type { IFormModel } from './formDialog';
import { issuesOf } from './refusedFields';

/** So long nothing is typed before the server is asked what it thinks of it. */
const TYPING_MS = 500;

/** How often the gateways are asked how they are while the form is open. */
const OFFERS_MS = 5_000;

/** One cluster to be started: at most once, however often and with whatever answer it is sent. */
export class ClusterFormModel implements IFormModel, IDisposable {
  constructor(options: ClusterFormModel.IOptions) {
    const { offers } = options;
    const kept = options.template ?? options.kept;
    this._options = options;
    const offer =
      offers.find(({ id }) => id === gatewayIn(kept)) ??
      offers.find(({ unavailable }) => unavailable === null) ??
      offers[0];
    this._state = Object.freeze({
      offers,
      offer,
      texts: withName(keptTexts(kept, textsOf(offer)), options.template),
      formIssues: [],
      issues: [],
      error: null,
      isSubmitting: false
    });
    this._look();
    // Those of the options were asked for just now.
    void this._asking.schedule({ phase: 'started', interval: OFFERS_MS });
  }

  get snapshot(): IClusterFormState {
    return this._state;
  }

  get changed(): ISignal<this, IClusterFormState> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The gateway that the template is for, if it is not here. */
  get missingGateway(): string | null {
    const { template, offers } = this._options;
    const wanted = gatewayIn(template);
    return typeof wanted === 'string' && !offers.some(({ id }) => id === wanted)
      ? wanted
      : null;
  }

  /** What comes of the last try; null while there was none. */
  get started(): Promise<Cluster | null> {
    return this._started;
  }

  dispose(): void {
    this._isDisposed = true;
    this._typed.dispose();
    this._asking.dispose();
    Signal.clearData(this);
  }

  /** Choose where the cluster is started; what can be chosen there may be something else. */
  chooseGateway(id: string): void {
    const offer = this._state.offers.find(known => known.id === id);
    if (offer) {
      const { name } = this._state.texts;
      const texts = { ...keptTexts(this._options.kept, textsOf(offer)), name };
      this._publish({ offer, texts, formIssues: [], issues: [], error: null });
      this._look();
    }
  }

  /** Take what was typed; what the server said of a field holds until that is changed. */
  update(changes: Partial<ClusterTexts>): void {
    const texts = Object.freeze({ ...this._state.texts, ...changes });
    const { offer, issues } = this._state;
    this._publish({
      texts,
      formIssues: toClusterSubmission(texts, offer).issues,
      issues: issues.filter(isOf(this._state.texts, texts))
    });
    this._look();
  }

  /** Start it; a second call while the first one runs does nothing more. */
  async submit(): Promise<boolean> {
    if (!this._state.isSubmitting) {
      this._started = this._submit();
    }
    return (await this._started) !== null;
  }

  private async _submit(): Promise<Cluster | null> {
    const { texts, offer } = this._state;
    const { submission, issues } = toClusterSubmission(texts, offer);
    if (!submission) {
      this._publish({ formIssues: issues });
      return null;
    }
    this._asked += 1;
    this._publish({ isSubmitting: true, error: null, issues: [] });
    try {
      const { client, clusters } = this._options;
      const cluster = await client.start(submission, this._key);
      clusters.accept(cluster);
      return cluster;
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      // What was typed while it was sent is not what it was refused for.
      const found = issuesOf(reason).filter(isOf(texts, this._state.texts));
      this._publish({ error: reason, issues: found });
      return null;
    } finally {
      this._publish({ isSubmitting: false });
    }
  }

  /** Learn which gateways have gone silent, or are back. */
  private async _ask(): Promise<void> {
    try {
      const offers = await this._options.client.listGateways();
      if (!this._isDisposed) {
        this._accept(offers);
      }
    } catch (error) {
      if (!(error instanceof BatchError)) {
        throw error;
      }
      // Nothing is known of them for a while: what was said last holds.
    }
  }

  private _accept(found: readonly ClusterOffer[]): void {
    const { offer: before, offers: known, texts } = this._state;
    const offers = found.map(one => knownOffer(one, known));
    const offer = offers.find(({ id }) => id === before.id);
    if (offer) {
      const typed = { ...keptTexts(texts, textsOf(offer)), name: texts.name };
      this._publish({ offers, offer, texts: typed });
      if (before.unavailable !== null && offer.unavailable === null) {
        this._look();
      }
    }
  }

  /** Have it checked, once nothing more is typed. */
  private _look(): void {
    this._asked += 1;
    void this._typed.invoke();
  }

  /** Show what starting it would be refused for; an answer that is overtaken is dropped. */
  private async _check(): Promise<void> {
    const { texts, offer, isSubmitting } = this._state;
    const { submission } = toClusterSubmission(texts, offer);
    const asked = this._asked;
    if (!submission || isSubmitting) {
      return;
    }
    try {
      const issues = await this._options.client.check(submission);
      if (asked === this._asked) {
        this._publish({ issues });
      }
    } catch (error) {
      if (!(error instanceof BatchError)) {
        throw error;
      }
      // It is help beforehand: what fails is said when it is started.
    }
  }

  private _publish(changes: Partial<IClusterFormState>): void {
    this._state = Object.freeze({ ...this._state, ...changes });
    if (!this._isDisposed) {
      this._changed.emit(this._state);
    }
  }

  private readonly _options: ClusterFormModel.IOptions;
  /** Sent with every try. */
  private readonly _key = newDraftKey();
  private readonly _changed = new Signal<this, IClusterFormState>(this);
  private readonly _typed = new Debouncer(() => this._check(), TYPING_MS);
  private readonly _asking = new Poll({
    auto: false,
    factory: () => this._ask(),
    frequency: { interval: OFFERS_MS, backoff: false },
    name: 'jupyterlab-batch:cluster-form',
    standby: 'when-hidden'
  });
  /** How often something was asked of the server, or a question became old. */
  private _asked = 0;
  private _state: IClusterFormState;
  private _started: Promise<Cluster | null> = Promise.resolve(null);
  private _isDisposed = false;
}

export namespace ClusterFormModel {
  export interface IOptions {
    client: IClusterClient;
    clusters: IClusterStore;
    /** Where one can be started; at least one. */
    offers: readonly ClusterOffer[];
    /** What the form was filled with last, whatever that is. */
    kept: unknown;
    /** What it is to be filled with instead, name and all. */
    template: object | null;
  }
}

/** A cluster of a template has its name as well. */
function withName(texts: ClusterTexts, template: object | null): ClusterTexts {
  const fields = new Map<string, unknown>(Object.entries(template ?? {}));
  const name = fields.get('name');
  return typeof name === 'string' ? { ...texts, name } : texts;
}

/** A gateway that is silent offers what it did: the server may not know that any more. */
function knownOffer(
  offer: ClusterOffer,
  known: readonly ClusterOffer[]
): ClusterOffer {
  const { id, unavailable, health } = offer;
  const before = known.find(one => one.id === id) ?? offer;
  return unavailable === null ? offer : { ...before, unavailable, health };
}

function gatewayIn(kept: unknown): unknown {
  return typeof kept === 'object' && kept !== null && 'gateway_id' in kept
    ? kept.gateway_id
    : undefined;
}

/** Whether an issue that was said of some texts is one of others too. */
function isOf(
  before: ClusterTexts,
  after: ClusterTexts
): (issue: Issue) => boolean {
  return ({ field }) => valueAt(before, field) === valueAt(after, field);
}

/** What is typed at a field of the submission. */
function valueAt(texts: ClusterTexts, field: string): string {
  const [, name, part = ''] = field.split('.');
  switch (name) {
    case 'workers':
      return JSON.stringify(texts.workers);
    case 'options':
      return (
        Object.entries(texts.options).find(([key]) => key === part)?.[1] ?? ''
      );
    case 'idle_stop_seconds':
      return texts.idle_stop;
    case 'name':
      return texts.name;
    default:
      return '';
  }
}
