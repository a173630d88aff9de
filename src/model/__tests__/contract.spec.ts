import Ajv from 'ajv/dist/2020';
import { parse } from 'yaml';

import type { Gateway } from '../contract';
import * as decode from '../decode';
import * as cluster from '../decode/cluster';
import type { Decoder } from '../decode';
import { readContract, readExamples } from './examples';

const DECODERS: Readonly<Record<string, Decoder<unknown>>> = {
  AllocationList: decode.decodeAllocationList,
  ActionResult: decode.decodeActionResult,
  ActionResults: decode.decodeActionResults,
  Changes: decode.decodeChanges,
  Check: decode.decodeCheck,
  Cluster: cluster.decodeCluster,
  ClusterActionResult: cluster.decodeClusterActionResult,
  ClusterClient: cluster.decodeClusterCode,
  ClusterCheck: cluster.decodeClusterCheck,
  ClusterGatewayList: cluster.decodeClusterGatewayList,
  ClusterList: cluster.decodeClusterList,
  Draft: decode.decodeDraft,
  Gateway: decode.decodeGateway,
  ImportedSpec: decode.decodeImportedSpec,
  Job: decode.decodeJob,
  JobEvents: decode.decodeJobEvents,
  JobFiles: decode.decodeJobFiles,
  JobCounts: decode.decodeJobCounts,
  JobList: decode.decodeJobList,
  JobRow: decode.decodeJobRow,
  LogMatches: decode.decodeLogMatches,
  Problem: decode.decodeProblem,
  Record: decode.decodeRecord,
  RemovalResults: decode.decodeRemovalResults,
  RunDirectoryList: decode.decodeRunDirectoryList,
  TaskCauses: decode.decodeTaskCauses,
  TaskList: decode.decodeTaskList,
  TaskPhases: decode.decodeTaskPhases,
  TaskUsage: decode.decodeTaskUsage
};

/** What a tab makes of words that only a newer server knows. */
const AS_KNOWN: Readonly<Record<string, object>> = {
  'JobRow.reason-not-on-the-list.json': { reason: 'other' },
  'Problem.unknown-code.json': { code: 'bad_request' }
};

const ajv = new Ajv({ strict: false, validateFormats: false });
ajv.addSchema(parse(readContract()) as object, 'contract');

function isValid(schema: string, value: unknown): boolean {
  const validate = ajv.getSchema(`contract#/components/schemas/${schema}`);
  if (!validate) {
    throw new Error(`The contract has no schema ${schema}`);
  }
  return validate(value) === true;
}

const isTimed = (name: string): boolean => name.includes('.time-');

describe('the contract', () => {
  it.each(readExamples('valid'))('allows $name', ({ schema, value }) => {
    expect(isValid(schema, value)).toBe(true);
  });

  // ajv has no formats of its own, so that a text is a time is left to the decoders
  it.each(readExamples('invalid').filter(({ name }) => !isTimed(name)))(
    'refuses $name',
    ({ schema, value }) => {
      expect(isValid(schema, value)).toBe(false);
    }
  );
});

describe('decode', () => {
  const hasDecoder = ({ schema }: { schema: string }): boolean =>
    schema in DECODERS;

  it.each(readExamples('valid').filter(hasDecoder))(
    'reads $name',
    ({ schema, value }) => {
      expect(value).toEqual(
        expect.objectContaining(DECODERS[schema](value, '') as object)
      );
    }
  );

  // a tab that was open while the server was renewed meets words that it does not know
  const isOfANewerServer = ({ name }: { name: string }): boolean =>
    name in AS_KNOWN;

  it.each(
    readExamples('invalid')
      .filter(hasDecoder)
      .filter(example => !isOfANewerServer(example))
  )('refuses $name', ({ schema, value }) => {
    expect(() => DECODERS[schema](value, '')).toThrow(decode.DecodeError);
  });

  it.each(readExamples('invalid').filter(isOfANewerServer))(
    'reads $name as what it knows',
    ({ schema, name, value }) => {
      expect(DECODERS[schema](value, '')).toMatchObject(AS_KNOWN[name]);
    }
  );

  it('leaves out of a list the words that it does not know', () => {
    const slurm = readExamples('valid').find(
      ({ name }) => name === 'Gateway.slurm.json'
    )?.value as Gateway;
    const newer = {
      ...slurm,
      site: { ...slurm.site, accepts: [...slurm.site.accepts, 'a.new.field'] },
      capabilities: {
        ...slurm.capabilities,
        changes: ['colour', ...slurm.capabilities.changes]
      }
    };
    expect(decode.decodeGateway(newer, '')).toEqual(
      decode.decodeGateway(slurm, '')
    );
    const wrong = { ...slurm, site: { ...slurm.site, accepts: [1] } };
    expect(() => decode.decodeGateway(wrong, '')).toThrow(decode.DecodeError);
  });

  it('drops what it does not know', () => {
    const newer = readExamples('valid').find(
      ({ name }) => name === 'JobRow.of-a-newer-server.json'
    );
    expect(decode.decodeJobRow(newer?.value, '')).not.toHaveProperty('colour');
  });

  it('has an example of every answer', () => {
    const schemas = new Set(readExamples('valid').map(({ schema }) => schema));
    expect([...schemas]).toEqual(expect.arrayContaining(Object.keys(DECODERS)));
  });

  it.each([undefined, null, 1, 'text', [], '<html>'])(
    'says where %p does not fit',
    value => {
      expect(() => decode.decodeChanges(value, '')).toThrow(/at the top/);
    }
  );

  it('names the place in a list', () => {
    const list = { gateways: [{ id: 'local', kind: 1 }] };
    expect(() => decode.decodeGatewayList(list, '')).toThrow(
      'Expected text at gateways.0.kind'
    );
  });
});
