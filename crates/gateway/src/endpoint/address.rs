//! The paths of the data plane, taken apart: every call comes this way, so nothing is copied.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Which of the three doors a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    Mcp,
    Sse,
    Messages,
}

/// A path of the data plane. Its parts are as they were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Address<'a> {
    project: &'a str,
    server: Option<&'a str>,
    pub(super) door: Door,
}

impl<'a> Address<'a> {
    pub(super) fn of(path: &'a str) -> Option<Self> {
        let (place, door) = path.strip_prefix("/projects/")?.rsplit_once('/')?;
        let door = match door {
            "mcp" => Door::Mcp,
            "sse" => Door::Sse,
            "messages" => Door::Messages,
            _ => return None,
        };
        let (project, server) = match place.split_once('/') {
            None => (place, None),
            Some((project, rest)) => (project, Some(rest.strip_prefix("servers/")?)),
        };
        let is_part = |part: &str| !part.is_empty() && !part.contains('/');
        (is_part(project) && server.is_none_or(is_part)).then_some(Self { project, server, door })
    }

    pub(super) fn project(&self) -> Cow<'a, str> {
        decoded(self.project)
    }

    pub(super) fn server(&self) -> Option<Cow<'a, str>> {
        self.server.map(decoded)
    }

    /// The path with names in place of its parts, for spans and logs.
    pub(super) fn route(&self) -> &'static str {
        match (self.server.is_some(), self.door) {
            (true, Door::Mcp) => "/projects/{project}/servers/{server}/mcp",
            (true, Door::Sse) => "/projects/{project}/servers/{server}/sse",
            (true, Door::Messages) => "/projects/{project}/servers/{server}/messages",
            (false, Door::Mcp) => "/projects/{project}/mcp",
            (false, Door::Sse) => "/projects/{project}/sse",
            (false, Door::Messages) => "/projects/{project}/messages",
        }
    }
}

/// What is no text names nothing that exists, whatever stands for it.
fn decoded(part: &str) -> Cow<'_, str> {
    percent_decode_str(part).decode_utf8_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_data_plane() {
        for (path, project, server, door) in [
            ("/projects/acme.pay/mcp", "acme.pay", None, Door::Mcp),
            ("/projects/acme.pay/sse", "acme.pay", None, Door::Sse),
            ("/projects/a/messages", "a", None, Door::Messages),
            ("/projects/a/servers/files/mcp", "a", Some("files"), Door::Mcp),
            ("/projects/a/servers/mcp/sse", "a", Some("mcp"), Door::Sse),
            ("/projects/a%2Eb/servers/%ED%8C%8C%EC%9D%BC/messages", "a.b", Some("파일"), Door::Messages),
            ("/projects/a%2Fservers%2Fb/mcp", "a/servers/b", None, Door::Mcp),
        ] {
            let address = Address::of(path).expect(path);
            assert_eq!((&*address.project(), address.server().as_deref()), (project, server), "{path}");
            assert_eq!(address.door, door, "{path}");
        }
    }

    #[test]
    fn paths_of_others() {
        for path in [
            "/",
            "/projects",
            "/projects/mcp",
            "/projects//mcp",
            "/projects/a",
            "/projects/a/mcp/",
            "/projects/a/%6Dcp",
            "/projects/a/servers/mcp",
            "/projects/a/servers//mcp",
            "/projects/a/servers/b/c/mcp",
            "/projects/a/members/b/mcp",
            "/api/v1/projects/a/mcp",
        ] {
            assert_eq!(Address::of(path), None, "{path}");
        }
    }
}
