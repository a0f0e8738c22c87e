import { describe, expect, it } from "vitest";
import type { Profile } from "../api/types";
import { readNumber, readPasted } from "./paste";
import { against } from "./shares";

const profile = (values: [string, number][]): Profile => ({
  id: "",
  seizure_id: "",
  sample: "A1",
  method: "GC-MS",
  unit: "peak area",
  values: values.map(([analyte, value]) => ({ analyte, value })),
});

describe("readPasted", () => {
  it("reads two columns of a spreadsheet, with or without a heading", () => {
    const rows = [
      { analyte: "cocaine", value: 812000 },
      { analyte: "levamisole", value: 43.1 },
    ];
    expect(readPasted("cocaine\t812000\r\nlevamisole\t43,1\r\n")).toEqual(rows);
    expect(readPasted("Analyte;Area\ncocaine;812000\nlevamisole;43.1")).toEqual(rows);
  });

  it("leaves other text to be pasted as text", () => {
    expect(readPasted("levamisole")).toBeNull();
    expect(readPasted("cocaine\t1\nlevamisole\tmuch")).toBeNull();
    expect(readPasted("")).toBeNull();
  });
});

describe("readNumber", () => {
  it("reads what people type and refuses what is no number", () => {
    expect(["1.5", "1,5", "1e-3", " 12 000 "].map(readNumber)).toEqual([1.5, 1.5, 0.001, 12000]);
    expect(["", "n.d.", "1,2,3", "Infinity"].map(readNumber)).toEqual([null, null, null, null]);
  });
});

describe("against", () => {
  it("gives shares of each profile's own sum, the largest first, and knows what is absent", () => {
    const rows = against(
      profile([
        ["Levamisole", 1],
        ["cocaine", 3],
      ]),
      profile([
        ["levamisole", 90],
        ["phenacetin", 10],
      ]),
    );
    expect(rows).toEqual([
      { analyte: "Levamisole", query: 0.25, reference: 0.9 },
      { analyte: "cocaine", query: 0.75, reference: null },
      { analyte: "phenacetin", query: null, reference: 0.1 },
    ]);
  });

  it("survives a profile of zeros", () => {
    expect(against(profile([["cocaine", 0]]), null)).toEqual([
      { analyte: "cocaine", query: 0, reference: null },
    ]);
  });
});
