export * as client from "./client";
export * as cluster from "./cluster";
export * as imageFactory from "./image-factory";
export * as machine from "./machine";
