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

  /** The script marks the document when forms and links are its own. */
  async settled(): Promise<void> {
    if (this.hydrated) await this.page.locator("html[data-hydrated]").waitFor({ state: "attached" });
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

  heading(name: string): Locator {
    return this.page.getByRole("heading", { name });
  }

  tab(name: string): Locator {
    return this.page.getByRole("main").getByRole("navigation").getByRole("link", { name });
  }

  async setUp(link: string, name: string, email: string, password: string): Promise<void> {
    await this.open(link);
    await this.field("Name").fill(name);
    await this.field("Email").fill(email);
    await this.field("Password").fill(password);
    await this.button("Create account").click();
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.open("/sign-in");
    await this.field("Email").fill(email);
    await this.field("Password").fill(password);
    await this.button("Sign in").click();
  }

  async signOut(): Promise<void> {
    await this.button("Sign out").click();
    await expect(this.page).toHaveURL(/\/sign-in/);
    await this.settled();
  }

  /** Fills the form of a new project and lands on its page. */
  async createProject(name: string, slug: string): Promise<void> {
    await this.open("/projects/new");
    await this.field("Name").fill(name);
    await this.field("Short name").fill(slug);
    await this.button("Create project").click();
    await expect(this.page).toHaveURL(new RegExp(`/projects/[^/]*\\.${slug}`));
    await this.settled();
  }

  /** The project of the present page, as addresses name it. */
  get project(): string {
    const found = /\/projects\/([^/?#]+)/.exec(this.page.url());
    if (!found) throw new Error(`${this.page.url()} is no page of a project`);
    return found[1];
  }

  async fillStdioServer(name: string, command: string, args: string[]): Promise<void> {
    await this.open(`/projects/${this.project}/servers`);
    await this.link("Add server").first().click();
    await this.settled();
    await this.field("Name").fill(name);
    await this.field("Transport").selectOption("stdio");
    await this.field("Command").fill(command);
    await this.field("Arguments").fill(args.join("\n"));
  }

  /** Makes a key and reads it in the only moment when it is shown. */
  async createKey(name: string): Promise<string> {
    await this.open(`/projects/${this.project}/keys`);
    await this.field("Name").fill(name);
    await this.button("Create key").click();
    const shown = this.page.getByText(/^slu_\S+$/).or(this.page.locator("input[readonly][value^=slu_]"));
    await expect(shown.first()).toBeVisible();
    return (await shown.first().inputValue().catch(() => shown.first().innerText())).trim();
  }

  async revokeKey(name: string): Promise<void> {
    await this.open(`/projects/${this.project}/keys`);
    await this.row(name).getByRole("button", { name: "Revoke" }).click();
    await expect(this.row(name)).toHaveCount(0);
  }

  row(text: string): Locator {
    return this.page.getByRole("row").filter({ hasText: text });
  }

  mcp(server: string): string {
    return `${this.url}/projects/${this.project}/servers/${server}/mcp`;
  }
}
