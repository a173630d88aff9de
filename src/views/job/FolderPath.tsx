import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

/** Which folder is shown, with the way back to those above it. */
export function FolderPath(props: {
  /** Below the run directory. */
  folder: string;
  onOpen: (folder: string) => void;
  children: React.ReactNode;
  trans: TranslationBundle;
}): JSX.Element {
  const { folder, onOpen, trans } = props;
  const parts = folder ? folder.split('/') : [];
  return (
    <div className="jp-BatchJobs-folder">
      <nav aria-label={trans.__('Folder')}>
        <ol>
          {['', ...parts].map((part, depth) => {
            const name = depth === 0 ? trans.__('Run directory') : part;
            return (
              <li key={depth}>
                {depth === parts.length ? (
                  <span aria-current="location">{name}</span>
                ) : (
                  <button
                    type="button"
                    className="jp-BatchJobs-link"
                    onClick={() => onOpen(parts.slice(0, depth).join('/'))}
                  >
                    {name}
                  </button>
                )}
              </li>
            );
          })}
        </ol>
      </nav>
      {props.children}
    </div>
  );
}
