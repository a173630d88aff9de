import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

import type { IUser } from './installed';
import { freePort, PROJECT } from './programs';
import { isAnythingLeft, stopSupervisor } from './supervisor';

export interface IServerOptions {
  /** Lines of Python for the server's configuration. */
  config?: string;
  /** Variables beside those of the tests. */
  environment?: NodeJS.ProcessEnv;
  theme?:
    'JupyterLab Light' | 'JupyterLab Dark' | 'JupyterLab Dark High Contrast';
  /** The folder of the `jupyter` to start; by default the project's own. */
  programs?: string;
  /** A folder whose programs stand in for those of the same name elsewhere. */
  tools?: string;
  /** Who runs it, and lives in the folder that it shows; by default whoever runs the tests. */
  user?: IUser;
}

/** No other gateway appears by itself because its tools happen to be installed. */
export const LOCAL_ONLY = "c.BatchExtension.gateways = [{'kind': 'local'}]";

/** How long it may take from when the server says that it runs until it can be reached. */
const LISTENS_WITHIN_MS = 30_000;
/** How long a server may take to end. */
const PATIENCE_MS = 20_000;
const LOOK_AGAIN_MS = 20;
const FOLDERS = ['data', 'runtime', 'cache', 'ipython', 'home', 'hiding'];

/** A grammar of addresses that a third of a start goes into; without it one format is not checked. */
const GRAMMAR = 'rfc3987_syntax.py';

/** What JupyterLab would otherwise ask at its first start. */
const NO_NEWS = { fetchNews: 'false', checkForUpdates: false };

/**
 * A real `jupyter lab` as a user has it: with a token, with the XSRF check, with a store, an
 * engine and settings of its own, on a copy of the examples.
 */
export class JupyterServer {
  private constructor(
    /** Everything of this server lies in here. */
    readonly folder: string,
    readonly port: number,
    private readonly options: IServerOptions
  ) {}

  /** Start a server on a fresh folder. */
  static async start(options: IServerOptions = {}): Promise<JupyterServer> {
    const folder = mkdtempSync(path.join(tmpdir(), 'jupyterlab-batch-'));
    const server = new JupyterServer(folder, await freePort(), options);
    server.prepare();
    await server.restart();
    return server;
  }

  readonly token = randomBytes(16).toString('hex');

  /** The folder that JupyterLab shows. */
  get root(): string {
    return path.join(this.folder, 'home');
  }

  /** The file of the store. */
  get storePath(): string {
    return path.join(this.folder, 'data/jupyterlab_batch/store.db');
  }

  /** The address of a page or an endpoint. */
  url(page: string): string {
    return `http://127.0.0.1:${this.port}/${page}`;
  }

  /** The variables that the server, and whatever wants to find its files, runs with. */
  get environment(): NodeJS.ProcessEnv {
    const inside = (name: string) => path.join(this.folder, name);
    const { user } = this.options;
    return {
      ...process.env,
      ...(user && { HOME: this.root, USER: user.name, LOGNAME: user.name }),
      ...this.options.environment,
      PATH: [
        this.options.tools,
        this.options.programs ?? path.join(PROJECT, '.venv/bin'),
        process.env.PATH
      ]
        .filter(Boolean)
        .join(':'),
      JUPYTER_CONFIG_DIR: inside('config'),
      JUPYTER_DATA_DIR: inside('data'),
      JUPYTER_RUNTIME_DIR: inside('runtime'),
      IPYTHONDIR: inside('ipython'),
      XDG_RUNTIME_DIR: inside('runtime'),
      XDG_CACHE_HOME: inside('cache'),
      PYTHONPATH: [
        inside('hiding'),
        this.options.environment?.PYTHONPATH ?? process.env.PYTHONPATH
      ]
        .filter(Boolean)
        .join(':')
    };
  }

  /** Start the server again where it was. */
  async restart(): Promise<void> {
    const child = spawn('jupyter', ['lab', ...this.argv()], {
      cwd: this.folder,
      env: this.environment,
      uid: this.options.user?.uid,
      gid: this.options.user?.gid,
      stdio: ['ignore', 'ignore', 'pipe']
    });
    this.child = child;
    // Nothing is left behind when a test run is broken off.
    process.once('exit', () => child.kill('SIGKILL'));
    await this.awaitAnswer(child);
  }

  /** Write lines of Python into the server's configuration, in place of all others. */
  configure(lines: string): void {
    writeFileSync(
      path.join(this.folder, 'config/jupyter_server_config.py'),
      `c = get_config()  # noqa\n${lines}\n`
    );
  }

  /** Take the server away as a crash does. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Take the server away as a user does. */
  async terminate(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** Stop everything that was started, and forget it. */
  async stop(): Promise<void> {
    await this.terminate();
    stopSupervisor(this.folder);
    // A file that is written into it meanwhile keeps a folder from being removed.
    const deadline = Date.now() + PATIENCE_MS;
    while (isAnythingLeft(this.folder) && Date.now() < deadline) {
      await pause(LOOK_AGAIN_MS);
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20 });
  }

  /** Call an endpoint of ours as a script with the token does. */
  async call(
    method: string,
    endpoint: string,
    options: { body?: unknown; key?: string } = {}
  ): Promise<Response> {
    return fetch(this.url(`jupyterlab-batch/v1/${endpoint}`), {
      method,
      headers: {
        Authorization: `token ${this.token}`,
        'Content-Type': 'application/json',
        ...(options.key ? { 'Idempotency-Key': options.key } : {})
      },
      body: options.body === undefined ? null : JSON.stringify(options.body)
    });
  }

  /** Keep what a user chose in JupyterLab; a page that is opened from now on follows it. */
  keepSettings(plugin: string, values: object): void {
    const [extension, name] = plugin.split(':');
    const folder = path.join(
      this.folder,
      'config/lab/user-settings',
      extension
    );
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      path.join(folder, `${name}.jupyterlab-settings`),
      JSON.stringify(values)
    );
  }

  private prepare(): void {
    const theme = this.options.theme ?? 'JupyterLab Light';
    this.keepSettings('@jupyterlab/apputils-extension:notification', NO_NEWS);
    this.keepSettings('@jupyterlab/apputils-extension:themes', { theme });
    for (const name of FOLDERS) {
      mkdirSync(path.join(this.folder, name), { mode: 0o700 });
    }
    writeFileSync(
      path.join(this.folder, 'hiding', GRAMMAR),
      'raise ImportError\n'
    );
    cpSync(path.join(PROJECT, 'examples'), path.join(this.root, 'examples'), {
      recursive: true
    });
    this.configure(this.options.config ?? LOCAL_ONLY);
    if (this.options.user) {
      const { uid, gid } = this.options.user;
      execFileSync('chown', ['-R', `${uid}:${gid}`, this.folder]);
    }
  }

  private argv(): string[] {
    const argv = [
      '--no-browser',
      '--ip=127.0.0.1',
      `--port=${this.port}`,
      '--ServerApp.port_retries=0',
      `--ServerApp.root_dir=${this.root}`,
      `--IdentityProvider.token=${this.token}`
    ];
    const isRoot = (this.options.user?.uid ?? process.getuid?.()) === 0;
    return isRoot ? [...argv, '--allow-root'] : argv;
  }

  /** Resolves when the server says that it runs; rejects with what it said if it ends before. */
  private async awaitAnswer(child: ChildProcess): Promise<void> {
    const said: string[] = [];
    this.log = said;
    if (child.stderr === null) {
      throw new Error('The server has no standard error.');
    }
    const lines = createInterface({ input: child.stderr });
    await new Promise<void>((resolve, reject) => {
      lines.on('line', line => {
        said.push(line);
        if (/Jupyter Server .* is running at/.test(line)) {
          resolve();
        }
      });
      child.once('exit', () => reject(new Error(said.join('\n'))));
    });
    await this.awaitPort();
  }

  /** The server says that it runs a moment before it listens. */
  private async awaitPort(): Promise<void> {
    const deadline = Date.now() + LISTENS_WITHIN_MS;
    for (;;) {
      try {
        await fetch(this.url('api'));
        return;
      } catch (error) {
        if (Date.now() > deadline) {
          throw error;
        }
        await pause(LOOK_AGAIN_MS);
      }
    }
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill(signal);
      // Jupyter's own list of export formats, asked for as it stops, keeps it from ever ending.
      const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      await ended;
      clearTimeout(patience);
    }
    this.child = null;
  }

  /** What the server has said since its last start. */
  log: readonly string[] = [];

  private child: ChildProcess | null = null;
}

/** Put jobs that are over into the store of a server, which may be running, and an array, `sky`, of so many tasks. */
export function fillStore(
  server: JupyterServer,
  count: number,
  tasks = 0
): void {
  execFileSync(
    'python',
    [
      path.join(PROJECT, 'scripts/fill_store.py'),
      server.storePath,
      String(count),
      String(tasks)
    ],
    { env: server.environment, cwd: PROJECT }
  );
}
