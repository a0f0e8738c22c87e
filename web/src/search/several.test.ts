import { expect, test } from "vitest";
import { togetherAddress, withMore } from "./several";

const file = (name: string, words = "x") => new File([words], name, { lastModified: 1 });

test("a file that is chosen twice is one", () => {
  const chosen = withMore([file("a.jpg")], [file("b.jpg"), file("a.jpg"), file("a.jpg", "longer")]);
  expect(chosen.map(({ name, size }) => [name, size])).toEqual([
    ["a.jpg", 1],
    ["b.jpg", 1],
    ["a.jpg", 6],
  ]);
});

test("the address names every photograph", () => {
  const { searchParams } = new URL(togetherAddress(["one", "two"]), "http://cachet");
  expect(searchParams.getAll("photograph")).toEqual(["one", "two"]);
});
