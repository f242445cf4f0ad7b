// Every page of the console, for tests and pictures.

/** Addresses within `project`, in which the server `server` has tools. */
export function pages(project, server) {
  const base = `/projects/${project}`;
  return [
    "/",
    "/search?q=tool",
    "/projects",
    "/projects/new",
    "/orgs",
    `/orgs/${project.split(".")[0]}`,
    "/account",
    base,
    `${base}/servers`,
    `${base}/servers/new`,
    `${base}/servers/import`,
    `${base}/servers/${server}`,
    `${base}/servers/${server}/edit`,
    `${base}/servers/${server}/try`,
    `${base}/tools`,
    `${base}/members`,
    `${base}/keys`,
    `${base}/logs`,
    `${base}/connect`,
    `${base}/activity`,
    `${base}/settings`,
  ];
}

/** Pages for who is not signed in. */
export const PUBLIC = ["/sign-in", "/sign-up", "/no/such/page"];
