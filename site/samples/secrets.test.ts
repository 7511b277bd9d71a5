import { sha256 } from "@assay/harness/record";
import { describe, expect, test } from "vitest";
import { secretsIn } from "./secrets.ts";

const long = "Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3Ab4Cd5Ef6Gh7Ij8Kl9Mn0Op1Qr2";
const keys = [
  `sk-${long.slice(0, 30)}`,
  `sk-ant-${long.slice(0, 40)}`,
  `sk-or-v1-${long.slice(0, 40)}`,
  `hf_${long.slice(0, 34)}`,
  `ghp_${long.slice(0, 36)}`,
  `github_pat_${long.slice(0, 22)}_${long.slice(0, 40)}`,
  `glpat-${long.slice(0, 20)}`,
  "AKIAABCDEFGHIJKLMNOP",
  "ASIAABCDEFGHIJKLMNOP",
  `AIza${long.slice(0, 35)}`,
  `gsk_${long.slice(0, 52)}`,
  `xai-${long.slice(0, 64)}`,
  `npm_${long.slice(0, 36)}`,
  `xoxb-${long.slice(0, 30)}`,
  "-----BEGIN PRIVATE KEY-----",
  "-----BEGIN ENCRYPTED PRIVATE KEY-----",
  "-----BEGIN PGP PRIVATE KEY BLOCK-----",
];

describe.each(keys)("%s", (key) => {
  const hash = sha256(key).slice(0, 12);
  const recorded = (text: string) => secretsIn(JSON.stringify({ text }));

  test.each([
    ["alone", key],
    ["after an equals sign", `KEY=${key}`],
    ["on a line of its own", `the key:\n${key}\nkeep it`],
    ["after a tab", `a\t${key}`],
    ["after a control character", `a\u0001${key}`],
    ["in a markdown link", `[x](https://you.example/?token=${key})`],
    ["in quotes within quotes", JSON.stringify({ key })],
  ])("is found in a record, %s", (_, text) => {
    expect(recorded(text)).toEqual([hash]);
  });
});

test("words that only begin alike are none", () => {
  const prose = [
    "task-management-and-scheduling-for-large-teams-everywhere",
    "disk-usage-0123456789abcdef0123456789",
    "risk-aversion-in-decisions-under-uncertainty",
    "sk-short",
    "self_contained_github_pat_x",
    "-----BEGIN PUBLIC KEY-----",
    "MAKIAABCDEFGHIJKLMNOP",
  ];
  expect(secretsIn(prose.join(" "))).toEqual([]);
});
