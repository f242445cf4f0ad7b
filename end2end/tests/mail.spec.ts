import { createServer, type Server, type Socket } from "node:net";

import { expect, test as base } from "./fixture.ts";
import { Sluice } from "./sluice.ts";

/** A mail server on this machine (RFC 5321) that keeps what it gets, and refuses mail to `nobody@…`. */
class MailServer {
  readonly taken: string[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer((socket) => this.serve(socket));

  async start(): Promise<number> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return address.port;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    let [waiting, message, inMessage] = ["", "", false];
    socket.on("error", () => socket.destroy());
    socket.write("220 mail.test ESMTP\r\n");
    socket.on("data", (piece) => {
      waiting += piece.toString();
      for (let end = waiting.indexOf("\r\n"); end >= 0; end = waiting.indexOf("\r\n")) {
        const line = waiting.slice(0, end);
        waiting = waiting.slice(end + 2);
        if (inMessage && line !== ".") {
          message += `${line}\n`;
        } else if (inMessage) {
          this.taken.push(message);
          [message, inMessage] = ["", false];
          socket.write("250 taken\r\n");
        } else if (line === "DATA") {
          inMessage = true;
          socket.write("354 go on\r\n");
        } else {
          socket.write(/^RCPT TO:<nobody@/.test(line) ? "550 no such mailbox\r\n" : "250 fine\r\n");
        }
      }
    });
  }
}

const test = base.extend<{ mail: MailServer }>({
  mail: async ({}, use) => {
    const mail = new MailServer();
    await use(mail);
    await mail.stop();
  },
  sluice: async ({ mail }, use) => {
    const port = await mail.start();
    const sluice = await Sluice.create({
      SLUICE__MAIL__HOST: "127.0.0.1",
      SLUICE__MAIL__PORT: String(port),
      SLUICE__MAIL__TLS: "none",
      SLUICE__MAIL__FROM: "Sluice <sluice@acme.test>",
    });
    await sluice.start();
    await use(sluice);
    await sluice.stop();
  },
});

test("an invitation goes by mail, and the list says what became of it", async ({ console, mail, owner, page }) => {
  await console.signIn(owner.email, owner.password);
  await console.signedIn();
  const members = "/projects/acme.payments/members";
  const invite = async (email: string): Promise<void> => {
    await console.open(members);
    await console.field("E-mail").fill(email);
    await console.button("Add or invite").click();
    await expect(page.getByText("A mail with the link is on its way")).toBeVisible();
  };

  await test.step("the mail arrives with the link", async () => {
    await invite("guest@other.test");
    await expect.poll(() => mail.taken.length).toBe(1);
    expect(mail.taken[0]).toContain("To: guest@other.test");
    await expect(async () => {
      await console.open(members);
      await expect(console.row("guest@other.test")).toContainText("Mail sent", { timeout: 500 });
    }).toPass();
  });

  await test.step("one that is refused says why", async () => {
    await invite("nobody@other.test");
    await expect(async () => {
      await console.open(members);
      await expect(console.row("nobody@other.test")).toContainText("no such mailbox", { timeout: 500 });
    }).toPass();
  });

  await test.step("an administrator tries it", async () => {
    await console.open("/admin/system");
    await expect(console.field("E-mail")).toHaveValue(owner.email);
    await console.button("Send test mail").click();
    await expect(page.getByText(`The mail server took the mail to ${owner.email}`)).toBeVisible();
    expect(mail.taken.at(-1)).toContain(`To: ${owner.email}`);
  });
});
