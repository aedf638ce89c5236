import { connect } from "node:net";

/** Whether the endpoint takes a TCP connection from this machine. */
export class EndpointWatch {
  note = "";
  private looking = false;

  constructor(readonly endpoint: URL) {}

  /** Looks in the background, and keeps a note while nothing answers. */
  look(): void {
    if (this.looking) return;
    this.looking = true;
    void this.isReachable().then((reachable) => {
      this.looking = false;
      this.note = reachable ? "" : `; nothing answers at ${this.endpoint.origin} from here`;
    });
  }

  isReachable(): Promise<boolean> {
    const host = this.endpoint.hostname.replace(/^\[(.*)\]$/, "$1");
    return new Promise((resolve) => {
      const socket = connect({ host, port: Number(this.endpoint.port || 443), timeout: 3000 });
      const end = (reachable: boolean) => {
        socket.destroy();
        resolve(reachable);
      };
      socket.on("connect", () => end(true));
      socket.on("timeout", () => end(false));
      socket.on("error", () => end(false));
    });
  }
}
