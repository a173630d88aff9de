/** Names for the generated types of `contract/openapi.yaml`. */
import type { components } from './generated/contract';

type Schemas = components['schemas'];

export type ActionInput = Schemas['ActionInput'];
export type ActionResult = Schemas['ActionResult'];
/** One task of an array; what a job runs is a `Task`. */
export type ArrayTask = Schemas['Task'];
export type Changes = Schemas['Changes'];
export type Check = Schemas['Check'];
export type Dependency = Schemas['Dependency'];
export type Draft = Schemas['Draft'];
export type Gateway = Schemas['Gateway'];
export type Issue = Schemas['Issue'];
export type IssueCode = Schemas['IssueCode'];
export type Job = Schemas['Job'];
export type JobActionResult = Schemas['JobActionResult'];
export type JobCounts = Schemas['JobCounts'];
export type JobGroup = Schemas['JobGroup'];
export type JobList = Schemas['JobList'];
export type JobRow = Schemas['JobRow'];
export type JobArray = NonNullable<Schemas['JobSpec']['array']>;
export type JobSort = Schemas['JobSort'];
export type JobSpec = Schemas['JobSpec'];
export type LogMatch = Schemas['LogMatch'];
export type LogMatches = Schemas['LogMatches'];
export type LogStream = Schemas['LogStream'];
export type OptionalField = Schemas['OptionalField'];
export type Output = Schemas['Output'];
export type Phase = Schemas['Phase'];
export type Preview = Schemas['Preview'];
export type Problem = Schemas['Problem'];
export type ProblemCode = Schemas['ProblemCode'];
export type Queue = Schemas['Queue'];
export type ReasonCode = Schemas['ReasonCode'];
export type ResubmitPatch = Schemas['ResubmitPatch'];
export type Similar = Schemas['Similar'];
export type Site = Schemas['Site'];
export type Submission = Schemas['Submission'];
export type Task = JobSpec['task'];
export type TaskCounts = Schemas['TaskCounts'];
export type TaskList = Schemas['TaskList'];
export type Variable = Schemas['Variable'];
