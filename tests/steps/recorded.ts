import type { FakeTalosctl } from "./process/fake-talosctl";

/** Texts of real Talos v1.13.0 and talosctl v1.13.0, as recorded. */
export const unknownAuthority = `rpc error: code = Unavailable desc = connection error: desc = "transport: authentication handshake failed: tls: failed to verify certificate: x509: certificate signed by unknown authority"\n`;
export const wrongAuthority = `error getting version: rpc error: code = Unavailable desc = connection error: desc = "transport: authentication handshake failed: tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of \\"x509: Ed25519 verification failure\\" while trying to verify candidate authority certificate \\"talos\\")"\n`;
export const certificateRequired = `rpc error: code = Unavailable desc = connection error: desc = "error reading server preface: remote error: tls: certificate required"\n`;
export const brokenPipe = `rpc error: code = Unavailable desc = write tcp 10.231.0.1:50246->10.231.0.11:50000: write: broken pipe\n`;
export const refused = `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.60.9:50000: connect: connection refused"\n`;
export const noRoute = `1 error occurred:\n\t* rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 10.231.0.99:50000: connect: no route to host"\n\n\n`;
export const alreadyExists = `error executing bootstrap: 1 error occurred:\n\t* 10.231.0.11: rpc error: code = AlreadyExists desc = etcd data directory is not empty\n\n\n`;
export const notAvailableYet = `error executing bootstrap: 1 error occurred:\n\t* 10.231.0.11: rpc error: code = FailedPrecondition desc = bootstrap is not available yet\n\n\n`;
export const notAuthorized = `1 error occurred:\n\t* rpc error: code = PermissionDenied desc = not authorized\n\n\n`;
export const onlyOnControllers = `error getting members: 1 error occurred:\n\t* 10.231.0.14: rpc error: code = Unimplemented desc = member list is only available on control plane nodes\n\n\n`;
export const notRegistered = `rpc error: code = NotFound desc = resource "unknownthing" is not registered\n`;

function resource(node: string, id: string, spec: unknown): string {
  const metadata = {
    created: "2026-11-23T12:38:56Z",
    id,
    namespace: "runtime",
    owner: "test",
    phase: "running",
    type: "Things.talos.dev",
    updated: "2026-11-23T12:39:42Z",
    version: 9,
  };
  return `${JSON.stringify({ metadata, node, spec }, undefined, 4)}\n`;
}

function status(node: string, stage: string, unmetConditions: readonly object[]): string {
  return resource(node, "machine", {
    stage,
    status: { ready: unmetConditions.length === 0, unmetConditions },
  });
}

/** A machine in maintenance mode. */
export function answerInMaintenance(
  talosctl: FakeTalosctl,
  address: string,
  version = "v1.13.0",
): void {
  talosctl.answer(address, "get machinestatus -o json", { stderr: unknownAuthority, code: 1 });
  talosctl.answer(address, "get machinestatus --insecure -o json", {
    stdout: status("", "maintenance", []),
  });
  talosctl.answer(address, "get version --insecure -o json", {
    stdout: resource("", "version", { name: "Talos", version }),
  });
}

export interface ConfiguredMachine {
  readonly address: string;
  readonly hostname: string;
  readonly role?: "controller" | "worker";
  readonly stage?: string;
  readonly unmet?: readonly object[];
  /** Hostname and address of every etcd member; none while etcd waits for the bootstrap. */
  readonly members?: readonly { readonly hostname: string; readonly address: string }[];
  readonly talosVersion?: string;
  readonly kubernetesVersion?: string;
  readonly nodeReady?: boolean;
  readonly persistentConfig?: string;
  readonly hardware?: RecordedHardware;
  /** System extension -> version; the factory's virtual one among them. */
  readonly extensions?: Readonly<Record<string, string>>;
  readonly secureBoot?: boolean;
}

export interface RecordedHardware {
  readonly uuid: string;
  readonly serial: string;
  readonly mac: string;
}

/** What a machine tells of its hardware, with or without a certificate. */
export function answerHardware(
  talosctl: FakeTalosctl,
  address: string,
  { uuid, serial, mac }: RecordedHardware,
  flags = "",
): void {
  const answer = (type: string, stdout: string) =>
    talosctl.answer(address, `get ${type}${flags} -o json`, { stdout });
  answer(
    "systeminformation",
    resource(address, "systeminformation", {
      manufacturer: "QEMU",
      productName: "Standard PC (Q35 + ICH9, 2009)",
      serialnumber: serial,
      uuid,
      wakeUpType: "Power Switch",
    }),
  );
  const link = (id: string, spec: object) =>
    resource(address, id, { index: 1, mtu: 1500, ...spec });
  answer(
    "links",
    link("bond0", {
      type: "ether",
      kind: "bond",
      hardwareAddr: "02:00:00:00:00:01",
      permanentAddr: "",
    }) +
      link("eth0", {
        type: "ether",
        kind: "",
        hardwareAddr: "02:00:00:00:00:01",
        permanentAddr: mac,
      }) +
      link("lo", {
        type: "loopback",
        kind: "",
        hardwareAddr: "00:00:00:00:00:00",
        permanentAddr: "",
      }),
  );
}

/** A configured machine of ours. */
export function answerAsOurs(talosctl: FakeTalosctl, machine: ConfiguredMachine): void {
  const {
    address,
    hostname,
    role = "controller",
    stage = "running",
    unmet = [],
    members,
  } = machine;
  const answer = (command: string, stdout: string) => talosctl.answer(address, command, { stdout });
  const kubernetes = machine.kubernetesVersion ?? "v1.35.3";
  answer("get machinestatus -o json", status(address, stage, unmet));
  answer(
    "get version -o json",
    resource(address, "version", { name: "Talos", version: machine.talosVersion ?? "v1.13.0" }),
  );
  answer(
    "get kubeletspec -o json",
    resource(address, "kubelet", {
      image: `ghcr.io/siderolabs/kubelet:${kubernetes}`,
      args: ["--node-ip={}"],
    }),
  );
  answer(
    "get apiserverconfigs -o json",
    resource(address, "kube-apiserver", { image: `registry.k8s.io/kube-apiserver:${kubernetes}` }),
  );
  answer("get hostname -o json", resource(address, "hostname", { hostname, domainname: "" }));
  answer(
    "get machinetype -o json",
    resource(address, "machine-type", role === "worker" ? "worker" : "controlplane"),
  );
  answer(
    "get nodestatus -o json",
    machine.nodeReady === undefined
      ? ""
      : resource(address, hostname, { nodename: hostname, nodeReady: machine.nodeReady }),
  );
  answer(
    "get machineconfig -o json",
    resource(address, "persistent", machine.persistentConfig ?? "machine: {}\n") +
      resource(address, "v1alpha1", "machine: {}\n"),
  );
  if (machine.hardware !== undefined) answerHardware(talosctl, address, machine.hardware);
  answer(
    "get extensions -o json",
    Object.entries(machine.extensions ?? {})
      .map(([name, version], index) =>
        resource(address, String(index), { image: `${name}.sqsh`, metadata: { name, version } }),
      )
      .join(""),
  );
  answer(
    "get securitystate -o json",
    resource(address, "securitystate", {
      secureBoot: machine.secureBoot ?? false,
      selinuxState: "enabled, permissive",
      moduleSignatureEnforced: true,
    }),
  );
  const pods =
    role === "controller" && members !== undefined ? ["kube-apiserver", "kube-scheduler"] : [];
  answer(
    "get staticpods -o json",
    pods
      .map((name) => resource(address, name, { metadata: { name, namespace: "kube-system" } }))
      .join(""),
  );
  const conditions = [{ type: "Ready", status: "True" }];
  answer(
    "get staticpodstatus -o json",
    pods
      .map((name) => resource(address, `kube-system/${name}-${hostname}`, { conditions }))
      .join(""),
  );
  answer("services", services(address, role, members !== undefined));
  const names = members === undefined ? ["."] : [".", "member"];
  answer(
    "list /var/lib/etcd",
    ["NODE        NAME", ...names.map((name) => `${address}   ${name}`), ""].join("\n"),
  );
  answer("etcd alarm list", "");
  if (members !== undefined) answer("etcd members", memberTable(address, members));
}

function services(address: string, role: string, etcdRuns: boolean): string {
  const etcd = etcdRuns
    ? "Running     OK       27s ago       Health check successful"
    : "Preparing   ?        27s ago       Running pre state";
  const row = (id: string, rest = "Running     OK       27s ago       Health check successful") =>
    `${address}   ${id.padEnd(10)}   ${rest}`;
  return [
    `${"NODE".padEnd(address.length)}   SERVICE      STATE       HEALTH   LAST CHANGE   LAST EVENT`,
    row("apid"),
    row("containerd"),
    row("cri"),
    ...(role === "controller" ? [row("etcd", etcd)] : []),
    row("kubelet"),
    row("machined"),
    ...(role === "controller" ? [row("trustd")] : []),
    "",
  ].join("\n");
}

function memberTable(
  address: string,
  members: readonly { readonly hostname: string; readonly address: string }[],
): string {
  const rows = members.map((member, index) => [
    address,
    `c63cc74e1f10ec8${index}`,
    member.hostname,
    `https://${member.address}:2380`,
    `https://${member.address}:2379`,
    "false",
  ]);
  const table = [["NODE", "ID", "HOSTNAME", "PEER URLS", "CLIENT URLS", "LEARNER"], ...rows];
  const widths = (table[0] ?? []).map(
    (_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)) + 3,
  );
  return (
    table
      .map((row) =>
        row
          .map((cell, column) => (column === 5 ? cell : cell.padEnd(widths[column] ?? 0)))
          .join(""),
      )
      .join("\n") + "\n"
  );
}
