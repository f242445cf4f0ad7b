// Every page of the console, for tests and pictures.

/** Addresses within `project`, in which the server `server` has tools. */
export function pages(project, server) {
  const base = `/projects/${project}`;
  const organization = `/orgs/${project.split(".")[0]}`;
  return [
    "/",
    "/search?q=tool",
    "/projects",
    "/projects/new",
    "/projects/new?template=team-knowledge",
    "/orgs",
    organization,
    `${organization}/members`,
    `${organization}/teams`,
    `${organization}/templates`,
    `${organization}/activity`,
    `${organization}/usage`,
    `${organization}/settings`,
    "/account",
    "/admin",
    "/admin/organizations",
    "/admin/servers",
    "/admin/servers/new",
    "/admin/commands",
    "/admin/commands/new",
    "/admin/audit",
    "/admin/system",
    "/admin/jobs",
    base,
    `${base}/servers`,
    `${base}/servers/new`,
    `${base}/servers?delete=${server}`,
    `${base}/servers/${server}`,
    `${base}/servers/${server}/tools`,
    `${base}/servers/${server}/resources`,
    `${base}/servers/${server}/prompts`,
    `${base}/servers/${server}/logs`,
    `${base}/servers/${server}/settings`,
    `${base}/servers/${server}/copy`,
    `${base}/servers/${server}/history`,
    `${base}/servers/${server}/try`,
    `${base}/servers/${server}/try?resource=demo`,
    `${base}/tools`,
    `${base}/members`,
    `${base}/keys`,
    `${base}/keys/new`,
    `${base}/logs`,
    `${base}/connect`,
    `${base}/activity`,
    `${base}/settings`,
    `${base}/transfer`,
    `${base}/import`,
  ];
}

/** Pages for who is not signed in. */
export const PUBLIC = ["/sign-in", "/sign-up", "/no/such/page"];
