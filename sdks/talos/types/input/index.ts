export * as client from "./client";
export * as cluster from "./cluster";
export * as machine from "./machine";
