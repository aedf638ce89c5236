import * as pulumi from "@pulumi/pulumi";
import type {
  ReadResourceRequest,
  RegisterResourceRequest,
  ResourceInvokeRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

const mocks: pulumi.runtime.Mocks = {
  newResource: ({ name, id, inputs }) => ({
    id: id || `${name}-id`,
    state: inputs as Record<string, unknown>,
  }),
  call: ({ inputs }) => inputs as Record<string, unknown>,
};

/** What reaches Pulumi's mocked engine, which keeps the options of a resource from its mocks. */
export interface Recording {
  readonly registered: RegisterResourceRequest[];
  readonly read: ReadResourceRequest[];
  readonly invoked: ResourceInvokeRequest[];
}

/** Mocks the engine for the whole process and records every request from now on. */
export async function recordRequests(): Promise<Recording> {
  await pulumi.runtime.setMocks(mocks);
  // Listens in on the monitor of setMocks: one of our own would lose the features it switches on,
  // secrets among them.
  const monitor = pulumi.runtime.getMonitor() as unknown as MockMonitor;
  return {
    registered: listen(monitor, "registerResource"),
    read: listen(monitor, "readResource"),
    invoked: listen(monitor, "invoke"),
  };
}

function listen<Request>(
  monitor: MockMonitor,
  method: "registerResource" | "readResource" | "invoke",
): Request[] {
  const requests: Request[] = [];
  const answer = monitor[method].bind(monitor);
  monitor[method] = (request: Request, callback) => {
    requests.push(request);
    return answer(request, callback);
  };
  return requests;
}
