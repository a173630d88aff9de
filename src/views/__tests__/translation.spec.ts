import { nullTranslator } from '@jupyterlab/translation';
import type { TranslationBundle } from '@jupyterlab/translation';

import { VIEWS } from './everyView';
import { fixLocale } from './fixtures';
import { giveSizes } from './tableHarness';

giveSizes();

fixLocale();

/** Attributes that people read. */
const SPOKEN = ['aria-label', 'title', 'placeholder', 'alt'];

/** What is data and not language: it may stand anywhere outside of the marks. */
const DATA = [
  // why the server does not honour a line of a script
  /What Slurm alone knows \(%j, %x\) cannot be in the path of a log: only %a can\./g,
  // a script and its lines
  /\bfit\.sh\b/g,
  /--[a-z-]+=\S+/g,
  /https:\/\/example\.org\/lenses\.git/g,
  // names, paths and queues of the examples
  /\b(job|dask) \d+\b/g,
  // interpreters, and what the server says of clusters, of gateways and of what they offer
  /\/opt\/\w+\/bin\/python/g,
  /^\s*dask\s*$/g,
  /dask is not installed in .*Or choose a Python that has it\./g,
  /An interpreter, or the folder of a virtual environment.*By default .*\./g,
  /Reduced to 3 workers: this server has no room for more/g,
  /Waiting for 2 free cores/g,
  /This server/g,
  /RXJ1131 time delay/g,
  /(examples|work|batch-jobs|\/home\/ada|\/scratch\/ada)[\w./-]*/g,
  /\b(fit|short|long|lenses|Slurm|slurm|This machine|SEED|OUT_OF_MEMORY|count|n|int)\b/g,
  // a quality of service and two reservations, where nothing else stands
  /^(Normal|school|any)$/g,
  /cell \d+ of \d+/g,
  /sh -c 'nproc; sleep 1'/g,
  /Used 2\.0 of 2 GB memory\./g,
  /Job memory is not enforced by this cluster\./g,
  /simulate --seed \{seed\}/g,
  /01jdb6m2x4e8kq9v7w3z5r1t0c/g,
  /seed=3, band="r"/g,
  /\b(chain\.h5|plots|latest|cache)\b/g,
  /Only the first of them is taken\./g,
  // what a record names
  /\b(lenses|main|emcee==|numpy==|4f2a9c1be7d05c1e6a3b8f90d2c7e4a15b6f7089)/g,
  /It ended with exit code 2\./g,
  // what logs say
  /slurmstepd: error: oom_kill event/g,
  /ValueError(: negative redshift -0\.013 in chain)?/g,
  // what is typed to find jobs
  /\b(submitting|held|queued|running|suspended|completed|failed|cancelled|unknown|archived)\b/g,
  // what is typed as a time limit
  /\b(90m|1-12:00)/g,
  // of whom run directories are
  /\b(sources|darks)\b/g,
  // accounts and limits
  /\b(astro|narrow|GrpTRESMins( cpu)?|MaxTRESPU cpu|MaxWallPJ wall)\b/g,
  // a variable
  /\bOMP_NUM_THREADS\b/g,
  // a worker, and what differs on both sides
  /\btls:\/\/127\.0\.0\.1:/g,
  /\bnumpy\b/g,
  // moments
  /\d+ Nov( \d{4})?, [\d:]+( UTC)?/g,
  // what stands for the index of a task, and for the id of the job
  /\{(index|native_id)\}/g,
  // quantities with their units
  /\d[\d.,]* ?(GB|MB|KB|B|h|min|s|d)?\b/g
];

/** Marks every message, and keeps what is put into it outside of the marks. */
const pseudo: TranslationBundle = (() => {
  const trans = nullTranslator.load('');
  const mark = (message: string, ...args: unknown[]): string =>
    message
      .split(/%(\d)/)
      .map((part, index) =>
        index % 2 === 0 ? `⟦${part}⟧` : String(args[Number(part) - 1])
      )
      .join('');
  return {
    ...trans,
    __: mark,
    _n: (one: string, many: string, count: number, ...args: unknown[]) =>
      mark(count === 1 ? one : many, count, ...args)
  } as TranslationBundle;
})();

/** The text of a page outside of marks and data. */
function untranslated(text: string): string {
  return DATA.reduce(
    (rest, pattern) => rest.replace(pattern, ' '),
    text.replace(/⟦[^⟧]*⟧/g, ' ')
  ).replace(/[^\p{L}]/gu, '');
}

function textsOf(root: HTMLElement): string[] {
  const texts: string[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, nodeValue } = walker.currentNode;
    // The preview is code.
    if (!parentElement?.closest('.jp-BatchJobs-previewBody pre')) {
      texts.push(nodeValue ?? '');
    }
  }
  for (const node of root.querySelectorAll('*')) {
    for (const name of SPOKEN) {
      texts.push(node.getAttribute(name) ?? '');
    }
  }
  return texts;
}

it.each(VIEWS)('all that %s says can be translated', (_, draw) => {
  const texts = textsOf(draw(pseudo));
  expect(texts.some(text => text.includes('⟦'))).toBe(true);
  expect(texts.filter(text => untranslated(text) !== '')).toEqual([]);
});

it('a sentence that cannot be translated is found', () => {
  expect(untranslated('⟦Running⟧ on Slurm')).toBe('on');
  expect(untranslated('⟦Running⟧ · job 1 · 30 min')).toBe('');
});
