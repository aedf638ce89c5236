import { createServer } from "node:net";
import { networkOf } from "./network";

const talosApiPort = 50000;
const kubernetesPort = 6443;

/** Checks that nobody listens where the lab's machines will. Throws with every address that is taken. */
export async function checkAddressesAreFree(
  endpoint: string,
  machines: readonly string[],
): Promise<void> {
  const wanted = [
    { host: endpoint, port: kubernetesPort },
    ...machines.map((host) => ({ host, port: talosApiPort })),
  ];
  const problems = (
    await Promise.all(wanted.map(({ host, port }) => tryToListen(host, port)))
  ).flatMap((problem) => problem ?? []);
  if (problems.length === 0) return;
  throw new Error(
    [
      ...problems,
      `Another lab may run in ${networkOf(endpoint)}: end it with \`npm run lab:down\` where it was started, or give this one a network of its own: \`npm run lab -- --network 127.0.51.0/24\`.`,
    ].join("\n"),
  );
}

function tryToListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      resolve(
        error.code === "EADDRINUSE"
          ? `${host}:${port}: somebody listens there already.`
          : `${host}:${port}: cannot listen there (${error.code ?? error.message}).`,
      ),
    );
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
