import { BatchError } from '../../api/errors';
import type { Issue, Problem } from '../../model/contract';
import { readExample } from '../../model/__tests__/examples';
import { fieldText } from '../compose/fieldIssues';
import { phaseIcon } from '../icons';
import { errorText } from '../text/errorText';
import { issueText } from '../text/issueText';
import { phaseText, stateText } from '../text/phaseText';
import { problemText } from '../text/problemText';
import { reasonText, reasonWords } from '../text/reasonText';
import {
  durationText,
  exactTimeText,
  momentText,
  secondsBetween
} from '../text/timeText';
import { ISSUE_CODES, PHASES, PROBLEM_CODES, REASON_CODES } from './codes';
import { fixLocale, makeRow, NOW, trans } from './fixtures';

/** A sentence or some words: not a code, not a scheduler's capitals. */
const PLAIN_WORDS = /^[A-Z][ ,:;.a-zA-Z0-9-]+$/;

fixLocale();

describe('phases', () => {
  it.each(PHASES)('%s has a word of its own and an icon', phase => {
    const word = phaseText(phase, trans);
    expect(word).toMatch(/^[A-Z][a-z]+$/);
    expect(word).not.toMatch(/pending/i);
    expect(PHASES.filter(other => phaseText(other, trans) === word)).toEqual([
      phase
    ]);
    expect(phaseIcon(phase).svgstr).toContain('<svg');
  });

  it('tells apart by shape what a person must tell apart', () => {
    const shapes = (
      [
        'QUEUED',
        'EXECUTING',
        'COMPLETED',
        'ERROR',
        'ABORTED',
        'UNKNOWN'
      ] as const
    ).map(phase => phaseIcon(phase).svgstr);
    expect(new Set(shapes).size).toBe(shapes.length);
  });

  it('says what is happening at this moment before the phase', () => {
    const row = makeRow({ substate: 'cancelling' });
    expect(stateText(row, trans)).toBe('Cancelling');
    expect(stateText(makeRow({ substate: null }), trans)).toBe('Running');
  });
});

describe('reasons', () => {
  it.each(REASON_CODES)('%s is said in plain words', reason => {
    const row = makeRow({ phase: 'ERROR', reason, reason_text: null });
    expect(reasonWords(reason, trans)).toMatch(PLAIN_WORDS);
    expect(reasonText(row, trans)).toMatch(PLAIN_WORDS);
  });

  it('gives every reason words of its own', () => {
    const words = REASON_CODES.map(reason => reasonWords(reason, trans));
    expect(new Set(words).size).toBe(words.length);
  });

  it('prefers the words of the server, which know more', () => {
    const row = makeRow({
      reason: 'cell_error',
      reason_text: 'Cell 7: NameError'
    });
    expect(reasonText(row, trans)).toBe('Cell 7: NameError');
  });

  it('says how much memory was used of how much', () => {
    const row = makeRow({
      reason: 'memory',
      reason_text: 'OUT_OF_MEMORY',
      memory_bytes: 2 * 1024 ** 3,
      memory_peak_bytes: 2 * 1024 ** 3 - 1024 ** 2
    });
    expect(reasonText(row, trans)).toMatch(/^Out of memory: used .+ of 2 GB$/);
  });

  it('promises nothing of memory that was not measured', () => {
    const row = makeRow({
      reason: 'memory',
      reason_text: null,
      memory_peak_bytes: null
    });
    expect(reasonText(row, trans)).toBe('Out of memory');
  });

  it('says nothing where nothing is known', () => {
    expect(
      reasonText(makeRow({ reason: null, reason_text: null }), trans)
    ).toBe('');
  });
});

describe('problems', () => {
  it.each(PROBLEM_CODES)(
    '%s is a whole sentence even without the server’s',
    code => {
      const text = problemText({ code, message: '' }, trans);
      expect(text).toMatch(/^[A-Z].+\.$/);
      expect(text).not.toContain('_');
    }
  );

  it('shows the words of the server where only it knows what was wrong', () => {
    const message = 'sbatch: error: Invalid qos specification';
    expect(problemText({ code: 'gateway_refused', message }, trans)).toBe(
      message
    );
  });

  it('keeps a traceback of the server to itself', () => {
    const message = 'Traceback (most recent call last): token=secret';
    expect(problemText({ code: 'internal', message }, trans)).not.toContain(
      'secret'
    );
  });

  it('reads them from a failed call', () => {
    const problem = readExample('Problem.gateway-unreachable') as Problem;
    const error = new BatchError('HTTP 502', { status: 502, problem });
    expect(errorText(error, trans)).toBe(problemText(problem, trans));
  });

  it('says of a silent server that jobs go on', () => {
    const error = new BatchError('Failed to fetch', {
      status: 0,
      isOffline: true
    });
    expect(errorText(error, trans)).toMatch(/did not answer.*jobs go on/);
  });

  it.each([
    ['another page answered', { status: 200 }],
    ['there is nothing at an address', { status: 404 }],
    [
      'our server knows no such address',
      {
        status: 404,
        problem: {
          ...(readExample('Problem.gateway-unreachable') as Problem),
          code: 'not_found',
          message: ''
        } as const
      }
    ]
  ])('asks to reload the page where %s', (_, options) => {
    const error = new BatchError('<!doctype html>', options);
    expect(errorText(error, trans)).toMatch(
      /another version of jupyterlab-batch.*Reload the page\.$/
    );
  });

  it('says what any other error says', () => {
    expect(errorText(new Error('No room left'), trans)).toBe('No room left');
  });
});

describe('issues of fields', () => {
  const issue: Issue = {
    field: 'spec.name',
    severity: 'error',
    code: 'required',
    message: 'Said by the server.',
    limit: null
  };

  it.each(ISSUE_CODES)('%s is said in words', code => {
    expect(issueText({ ...issue, code }, trans)).toMatch(/^[A-Z][^_]+$/);
  });

  it('says of a tag without a name what is missing of it', () => {
    const tag = { ...issue, field: 'spec.tags.' };
    expect(issueText(tag, trans)).toBe('Give the tag a name');
    expect(issueText(issue, trans)).toBe('Fill this in');
  });

  it('says limits in the unit of their field', () => {
    const memory = {
      ...issue,
      code: 'over_queue',
      field: 'spec.resources.memory_bytes',
      limit: 4 * 1024 ** 3
    } as const;
    const walltime = {
      ...issue,
      code: 'over_machine',
      field: 'spec.resources.walltime_seconds',
      limit: 7200
    } as const;
    const name = { ...issue, code: 'too_long', limit: 1200 } as const;
    expect(issueText(memory, trans)).toBe('The queue has at most 4 GB');
    expect(issueText(walltime, trans)).toBe('There are at most 2 h');
    expect(issueText(name, trans)).toBe('At most 1,200 characters');
  });

  it('names an environment that is missing, in the words of the server', () => {
    const message = 'There is no Python at /home/ada/venv. Make it there.';
    const missing = { ...issue, code: 'not_found', message } as const;
    const field = 'spec.environment.path';
    expect(issueText({ ...missing, field }, trans)).toBe(message);
    expect(issueText({ ...missing, field: 'spec.task.path' }, trans)).toBe(
      'There is no such file'
    );
  });

  it('calls every field what the form calls it', () => {
    expect(fieldText('spec.resources.walltime_seconds', 'command', trans)).toBe(
      'Time limit'
    );
    expect(fieldText('spec.task.parameters.n_walkers', 'command', trans)).toBe(
      'Parameters n_walkers'
    );
    expect(fieldText('spec.native.hint', 'command', trans)).toBe(
      'Options of the batch system hint'
    );
    expect(fieldText('spec.later.hint', 'command', trans)).toBe('hint');
    expect(fieldText('spec.task.path', 'notebook', trans)).toBe('Notebook');
    expect(fieldText('spec.task.path', 'script', trans)).toBe('Script');
    expect(fieldText('spec.task.path', null, trans)).toBe('Notebook or script');
  });
});

describe('times', () => {
  it('says a moment of today as a time, another one with its day', () => {
    expect(momentText('2026-11-22T08:05:00Z', NOW)).toBe('08:05');
    expect(momentText('2026-11-21T08:05:00Z', NOW)).toBe('21 Nov, 08:05');
  });

  it('says a moment exactly with its zone', () => {
    expect(exactTimeText('2026-11-21T08:05:07Z')).toMatch(
      /21 Nov 2026, 08:05:07 UTC/
    );
  });

  it('says durations with one unit below an hour, else with two', () => {
    expect(durationText(20)).toBe('20 s');
    expect(durationText(14 * 60 + 20)).toBe('14 min');
    expect(durationText(5400)).toBe('1 h 30 min');
    expect(durationText(183600)).toBe('2 d 3 h');
  });

  it('knows no time between what is not known, and none below zero', () => {
    expect(secondsBetween(null, NOW)).toBeNull();
    expect(secondsBetween('2026-11-22T22:00:00Z', null)).toBeNull();
    expect(secondsBetween('2026-11-22T22:00:10Z', '2026-11-22T22:00:00Z')).toBe(
      0
    );
  });
});
