import { describe, expect, it } from "vitest";
import { asProblem, problemFrom } from "./problem";

describe("problemFrom", () => {
  it("keeps the server's words", () => {
    const problem = problemFrom(
      422,
      '{"code":"truncated","title":"The photograph was refused","found":"half a file"}',
    );
    expect([problem.code, problem.body.title, problem.body.found]).toEqual([
      "truncated",
      "The photograph was refused",
      "half a file",
    ]);
  });

  it("makes a problem of an answer that is none", () => {
    const problem = problemFrom(502, "<html>Bad Gateway</html>");
    expect([problem.code, problem.unreachable]).toEqual(["http_502", true]);
    expect(problemFrom(404, "").unreachable).toBe(false);
  });
});

describe("asProblem", () => {
  it("passes a problem on and wraps anything else", () => {
    const problem = problemFrom(409, "{}");
    expect(asProblem(problem)).toBe(problem);
    expect(asProblem(new TypeError("no")).body.detail).toBe("no");
  });
});
