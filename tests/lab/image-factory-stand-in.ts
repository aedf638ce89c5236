import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { parse, stringify } from "yaml";

/** An image factory on the loopback that does what the real one does with a schematic: read it strictly, write it anew, hash that. */
export class ImageFactoryStandIn {
  /** Ids answered so far. */
  readonly registered: string[] = [];
  /** Answered instead of the true id, as by a factory that does not know a field. */
  wrongId: string | undefined;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ImageFactoryStandIn> {
    const server = createServer();
    const factory = new ImageFactoryStandIn(server);
    server.on("request", (request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        const known = request.method === "POST" && request.url === "/schematics";
        const answer = known ? factory.answer(body) : { status: 404, text: "no such place" };
        response.writeHead(answer.status).end(answer.text);
      });
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    return factory;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private answer(body: string): { status: number; text: string } {
    const schematic = parse(body) as unknown;
    const unknown = unknownFields(schematic, knownFields, "");
    if (unknown.length > 0) return { status: 400, text: `unknown fields: ${unknown.join(", ")}` };
    // The library puts a list's items behind a dash and three spaces, where the factory's puts one.
    const written = stringify(schematic, { indent: 4, lineWidth: 0 }).replace(/- {3}/g, "- ");
    const id = this.wrongId ?? createHash("sha256").update(written).digest("hex");
    this.registered.push(id);
    return { status: 201, text: JSON.stringify({ id, schematic: written }) };
  }
}

type Fields = { readonly [name: string]: Fields | true };

const knownFields: Fields = {
  overlay: { image: true, name: true, options: true },
  customization: {
    extraKernelArgs: true,
    meta: true,
    systemExtensions: { officialExtensions: true },
    bootloader: true,
    secureboot: { includeWellKnownCertificates: true },
  },
};

function unknownFields(value: unknown, fields: Fields, path: string): string[] {
  return Object.entries(value ?? {}).flatMap(([name, below]) => {
    const known = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (known === undefined) return [`${path}${name}`];
    return known === true ? [] : unknownFields(below, known, `${path}${name}.`);
  });
}
