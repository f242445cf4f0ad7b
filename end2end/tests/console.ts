// What a person does in the console, by the names that they see. The only place that knows them.

import { expect, type Locator, type Page } from "@playwright/test";

export class Console {
  constructor(
    readonly page: Page,
    readonly url: string,
    readonly hydrated: boolean,
  ) {}

  /** Opens a page of the console; with WASM, waits until it has taken over. */
  async open(address: string): Promise<void> {
    await this.page.goto(new URL(address, this.url).href);
    await this.settled();
  }

  /** Waits for a document that was loaded anew, by a form or a link. */
  async settled(): Promise<void> {
    if (this.hydrated) await this.page.locator("html[data-hydrated]").waitFor({ state: "attached" });
  }

  /** Waits until the browser has arrived at an address, and shows its page. */
  async arrives(address: RegExp): Promise<void> {
    await expect(this.page).toHaveURL(address);
    await this.settled();
    // What surrounds the pages is there a moment after the address where one came from without it.
    const outside = /^\/(sign-in|sign-up|set-up|invitation)/.test(new URL(this.page.url()).pathname);
    if (!outside) await expect(this.page.getByRole("banner")).toBeVisible();
    await expect(this.page.getByRole("heading", { level: 1 })).toBeVisible();
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  link(name: string): Locator {
    return this.page.getByRole("link", { name, exact: true });
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  row(text: string): Locator {
    return this.page.getByRole("row").filter({ hasText: text });
  }

  /** Bad news. */
  alert(text: string): Locator {
    return this.page.getByRole("alert").filter({ hasText: text });
  }

  /** A native disclosure within `place`. */
  async disclose(place: Locator | Page, name: string | RegExp): Promise<void> {
    await place.locator("summary").filter({ hasText: name }).first().click();
  }

  async fillAccount(email: string, password: string): Promise<void> {
    await this.field("E-mail").fill(email);
    await this.field("Password").fill(password);
  }

  async setUp(link: string, name: string, email: string, password: string): Promise<void> {
    await this.open(link);
    await this.field("Your name").fill(name);
    await this.fillAccount(email, password);
    await this.button("Create administrator").click();
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.open("/sign-in");
    await this.fillAccount(email, password);
    await this.button("Sign in").click();
  }

  /** Waits for the page on which one begins. */
  async signedIn(): Promise<void> {
    await this.arrives(/^https?:\/\/[^/]+\/$/);
  }

  async signOut(): Promise<void> {
    await this.page.getByRole("banner").getByLabel(/^Account: /).click();
    await this.button("Sign out").click();
    await this.arrives(/\/sign-in/);
  }

  /** Fills the form of a new project and lands on its page. */
  async createProject(name: string, slug: string): Promise<void> {
    await this.open("/projects");
    await this.link("New project").first().click();
    await this.arrives(/\/projects\/new$/);
    await this.field("Name").fill(name);
    await this.field("Short name").fill(slug);
    await this.button("Create project").click();
    await this.arrives(new RegExp(`/projects/[^/]+\\.${slug}$`));
    await expect(this.page.getByRole("heading", { level: 1, name, exact: true })).toBeVisible();
  }

  /** The project of the present page, as addresses name it. */
  get project(): string {
    const found = /\/projects\/([^/?#]+)/.exec(this.page.url());
    if (!found) throw new Error(`${this.page.url()} is no page of a project`);
    return found[1];
  }

  async openTab(name: string, address: RegExp): Promise<void> {
    await this.page.getByRole("navigation", { name: "Project" }).getByRole("link", { name, exact: true }).click();
    await this.arrives(address);
  }

  async startServer(): Promise<void> {
    await this.openTab("Servers", /\/servers$/);
    await this.link("Add server").first().click();
    await this.arrives(/\/servers\/new/);
  }

  async fillCommand(command: string, args: string[]): Promise<void> {
    await this.page.locator("input[type=radio][value=stdio]").check();
    await this.field("Command").fill(command);
    await this.field("Arguments").fill(args.join("\n"));
  }

  async startKey(): Promise<void> {
    await this.openTab("Keys", /\/keys$/);
    await this.link("New key").click();
    await this.arrives(/\/keys\/new$/);
  }

  /** Makes a key and reads it in the only moment when it is shown. */
  async createKey(name: string): Promise<string> {
    await this.startKey();
    await this.field("Name").fill(name);
    await this.button("Create key").click();
    const shown = this.field("Secret");
    await expect(shown).toHaveValue(/^slu_\S+$/);
    await this.settled();
    return shown.inputValue();
  }

  /** Opens what a client needs, for all servers as one or for one of them. */
  async connect(client: string, server = ""): Promise<void> {
    await this.openTab("Connect", /\/connect$/);
    await this.page.getByRole("navigation", { name: "Clients" }).getByRole("link", { name: client, exact: true }).click();
    await this.arrives(/\/connect\?client=/);
    if (!server) return;
    const address = this.page.getByRole("combobox", { name: "Address" });
    await address.selectOption(server);
    const form = this.page.locator("form").filter({ has: address });
    if (!this.hydrated) await form.getByRole("button", { name: "Show", exact: true }).click();
    await this.arrives(new RegExp(`server=${server}`));
  }

  async revokeKey(name: string): Promise<void> {
    await this.openTab("Keys", /\/keys$/);
    await this.disclose(this.row(name), "Revoke");
    await this.button(`Revoke ${name}`).click();
    await expect(this.row(name)).toHaveCount(0);
    await this.settled();
  }

  /** Something that comes by itself with WASM, and with the next look without. */
  async comes(what: Locator): Promise<void> {
    if (this.hydrated) return expect(what).toBeVisible();
    await this.appears(what);
  }

  /** Something that a later look at the page shows. */
  async appears(what: Locator): Promise<void> {
    await expect(async () => {
      await this.page.reload();
      await expect(what).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 10_000 });
  }

  mcp(server: string): string {
    return `${this.url}/projects/${this.project}/servers/${server}/mcp`;
  }
}
