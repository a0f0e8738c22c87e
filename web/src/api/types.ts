/**
 * The values of /api/v1, kept by hand in step with the schemas of the routes.
 * Lengths are pixels of the upright photograph; a text that is not known is empty.
 */

export type Point = [x: number, y: number];
export type Polygon = Point[];

export interface Me {
  user_name: string;
  display_name: string;
  organisation: string;
}

export interface Status {
  version: string;
  seizures: number;
  photographs: number;
  marks: number;
  index: { state: "ready" | "rebuilding" | "failed"; progress: number };
  /** Photographs that are queued or being described. */
  waiting: number;
}

export interface Page<T> {
  items: T[];
  total: number;
}

/** What a person can write of a seizure. */
export interface SeizureFields {
  case_reference: string;
  date: string | null;
  country: string;
  place: string;
  substance: string;
  conveyance: string;
  departure: string;
  transit: string;
  destination: string;
  concealment: string;
  notes: string;
  handling_code: string;
}

interface SeizureRecord extends SeizureFields {
  id: string;
  owner: string;
  created_at: string;
  cover: string | null;
}

export interface SeizureSummary extends SeizureRecord {
  photographs: number;
}

export interface Seizure extends SeizureRecord {
  photographs: Photograph[];
  profiles: Profile[];
  matches: SeizureMatch[];
}

export type Outcome = "under_review" | "confirmed" | "refuted" | "inconclusive";
export type ComparisonStatus = "candidate" | Outcome;

/** Another seizure, through the best comparison of the marks. The chemistry stands apart: the two may disagree. */
export interface SeizureMatch {
  seizure: SeizureSummary;
  comparison_id: string;
  score: number;
  status: ComparisonStatus;
  decision: Decision | null;
  comparisons: number;
  query_mark: Mark;
  reference_mark: Mark;
  chemistry: ChemistryScore | null;
}

export interface ChemistryScore {
  score: number;
  method: string;
  shared_analytes: number;
}

export interface Finding {
  code: string;
  measured: number;
  limit: number;
  unit: string;
  words: string;
  advice: string;
}

export interface Camera {
  make: string;
  model: string;
  lens: string;
}

export type PhotographState = "queued" | "describing" | "ready" | "failed";

export interface PhotographSummary {
  id: string;
  file_name: string;
  width: number;
  height: number;
}

export interface Photograph extends PhotographSummary {
  state: PhotographState;
  failure: string | null;
  purpose: "exhibit" | "query";
  seizure: { id: string; case_reference: string } | null;
  media_type: string;
  taken_at: string | null;
  camera: Camera | null;
  sha256: string;
  created_at: string;
  quality: Finding[];
  marks: Mark[];
}

export const MARK_KINDS = [
  "unspecified",
  "logo_on_substance",
  "logo_on_wrapper",
  "striated",
  "impressed",
  "edge",
] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

export interface Mark {
  id: string;
  photograph_id: string;
  kind: MarkKind;
  found_by: "whole" | "finder" | "person";
  polygon: Polygon;
  score: number;
  note: string;
}

/** On how many unrelated seizures a design is, where it is on so many that it says little alone. */
export interface CommonDesign {
  seizures: number;
  of: number;
}

/** Whether the same tool left both marks; without a score, the reason. */
export interface ToolScore {
  score: number | null;
  method: string;
  measurements: Record<string, number>;
  verdict: "same" | "undecided" | "other" | null;
  words: string;
  reason: string;
  hint: string;
}

/** Two marks compared, as lists show it; the decision is the last one on the pair, from whichever side. */
export interface ComparisonSummary {
  comparison_id: string;
  score: number;
  method: string;
  measurements: Record<string, number>;
  mirrored: boolean;
  status: ComparisonStatus;
  decision: Decision | null;
  query_mark: Mark;
  reference_mark: Mark;
  reference_photograph: PhotographSummary;
  seizure: SeizureSummary | null;
  chemistry: ChemistryScore | null;
  common: CommonDesign | null;
}

/** A photograph that a hit was found through: both the query and the hit agree with it. */
export interface Through {
  photograph: PhotographSummary;
  seizure: { id: string; case_reference: string } | null;
  query_comparison_id: string;
  reference_comparison_id: string;
}

/** Hits are ranked by their standing: the score, and what the photograph is linked with that is found too. */
export interface Hit extends ComparisonSummary {
  standing: number;
  through: Through | null;
}

/** What several photographs of one mark have in common with another; dismissed: every pair was refuted. */
export interface JointHit {
  reference_photograph: PhotographSummary;
  seizure: SeizureSummary | null;
  standing: number;
  dismissed: boolean;
  pairs: Hit[];
}

export interface RefusedFile {
  file_name: string;
  problem: ProblemBody;
}

export interface JointHits {
  queries: Photograph[];
  refused: RefusedFile[];
  items: JointHit[];
}

export interface Hits {
  query: Photograph;
  items: Hit[];
}

export interface Decision {
  id: string;
  outcome: Outcome;
  reason: string;
  decided_by: string;
  decided_at: string;
}

/** Where two marks agree: a pixel of the query photograph and its fellow on the reference photograph. */
export type MatchedPoint = [qx: number, qy: number, rx: number, ry: number];

export interface Comparison extends ComparisonSummary {
  query_photograph: PhotographSummary;
  query_seizure: SeizureSummary | null;
  points: MatchedPoint[];
  transform: number[][] | null;
  tool: ToolScore | null;
  decisions: Decision[];
  chemistry_query: Profile | null;
  chemistry_reference: Profile | null;
}

export interface AnalyteValue {
  analyte: string;
  value: number;
}

export interface NewProfile {
  sample: string;
  method: string;
  unit: string;
  values: AnalyteValue[];
}

export interface Profile extends NewProfile {
  id: string;
  seizure_id: string;
}

export interface Job {
  id: string;
  kind: "ingest" | "reindex";
  state: "running" | "done" | "failed";
  total: number;
  done: number;
  failed: number;
  message: string;
  created_at: string;
}

export interface Uploaded {
  job: Job;
  accepted: Photograph[];
  already_known: string[];
  refused: RefusedFile[];
}

/** A line of text, from its first letter's top along the tops and back along the feet. */
export interface TextLine {
  id: number;
  polygon: Polygon;
  words: string;
  confidence: number;
  by_person: boolean;
  as_read: string | null;
}

/** What is written on a photograph. */
export interface Reading {
  state: "waiting" | "read" | "failed";
  failure: string | null;
  method: string | null;
  items: TextLine[];
}

/** A span is the letters that matched: the first, and one past the last. */
export type Span = [from: number, to: number];

export interface TextHit {
  photograph: PhotographSummary;
  seizure: { id: string; case_reference: string } | null;
  similarity: number;
  lines: { line: TextLine; similarity: number; spans: Span[] }[];
}

/** Its weight is its rarity in bits. */
export interface SharedWord {
  query: string;
  reference: string;
  query_line: number;
  reference_line: number;
  similarity: number;
  weight: number;
}

export interface TextComparison {
  score: number | null;
  method: string;
  reason: string | null;
  shared: SharedWord[];
  query: TextLine[];
  reference: TextLine[];
}

/** RFC 9457, with what was expected, what was found and what to do next. */
export interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  expected?: string;
  found?: string;
  hint?: string;
}
