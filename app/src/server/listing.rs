//! Which servers are listed and in what order, as the address says it.

use std::cmp::Ordering;

use domain::server::{Server, Status, Transport};
use leptos_router::params::ParamsMap;

use crate::ui::encode;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Name,
    Status,
    Tools,
    Seen,
}

impl Sort {
    const ALL: [Sort; 4] = [Sort::Name, Sort::Status, Sort::Tools, Sort::Seen];

    const fn name(self) -> &'static str {
        match self {
            Sort::Name => "name",
            Sort::Status => "status",
            Sort::Tools => "tools",
            Sort::Seen => "seen",
        }
    }

    /// What one looks for first: the most tools, the latest news.
    const fn begins_down(self) -> bool {
        matches!(self, Sort::Tools | Sort::Seen)
    }
}

/// Statuses in the order in which somebody should look at them.
pub const STATUSES: [Status; 6] =
    [Status::Failed, Status::Starting, Status::Ready, Status::Idle, Status::Unknown, Status::Disabled];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    pub search: String,
    pub status: Option<Status>,
    pub transport: Option<Transport>,
    pub sort: Sort,
    pub down: bool,
}

impl Listing {
    #[must_use]
    pub fn of(query: &ParamsMap) -> Self {
        let said = |name: &str| query.get(name).unwrap_or_default();
        let sort = said("sort");
        let (down, sort) = sort.strip_prefix('-').map_or((false, sort.as_str()), |sort| (true, sort));
        Self {
            search: said("q"),
            status: STATUSES.into_iter().find(|status| status.name() == said("status")),
            transport: said("transport").parse().ok(),
            sort: Sort::ALL.into_iter().find(|known| known.name() == sort).unwrap_or_default(),
            down,
        }
    }

    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !self.search.is_empty() || self.status.is_some() || self.transport.is_some()
    }

    /// The address of this listing, for a `list` without a query.
    #[must_use]
    pub fn href(&self, list: &str) -> String {
        let mut query = Vec::new();
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                query.push(format!("{name}={}", encode(value)));
            }
        };
        add("q", &self.search);
        add("status", self.status.map_or("", Status::name));
        add("transport", self.transport.map_or("", Transport::name));
        add("sort", &self.order());
        if query.is_empty() { list.to_owned() } else { format!("{list}?{}", query.join("&")) }
    }

    /// The order as the address has it; empty for the usual one.
    #[must_use]
    pub fn order(&self) -> String {
        match (self.sort, self.down) {
            (Sort::Name, false) => String::new(),
            (sort, down) => format!("{}{}", if down { "-" } else { "" }, sort.name()),
        }
    }

    /// The same listing by another column, or the other way round.
    #[must_use]
    pub fn by(&self, sort: Sort) -> Self {
        let down = if self.sort == sort { !self.down } else { sort.begins_down() };
        Self { sort, down, ..self.clone() }
    }

    /// The servers that fit, in order. `servers` are by name.
    #[must_use]
    pub fn pick(&self, servers: Vec<Server>) -> Vec<Server> {
        let wanted = self.search.to_lowercase();
        let fits = |server: &Server| {
            self.status.is_none_or(|status| server.state.status == status)
                && self.transport.is_none_or(|transport| server.transport == transport)
                && [server.name.as_str(), &server.description, &target(server)]
                    .iter()
                    .any(|text| text.to_lowercase().contains(&wanted))
        };
        let mut found: Vec<Server> = servers.into_iter().filter(fits).collect();
        // Stable, so that equals stay by name whichever way the rest goes.
        found.sort_by(|a, b| {
            let order = self.compare(a, b);
            if self.down { order.reverse() } else { order }
        });
        found
    }

    fn compare(&self, a: &Server, b: &Server) -> Ordering {
        let rank = |server: &Server| STATUSES.iter().position(|status| *status == server.state.status);
        match self.sort {
            Sort::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
            Sort::Status => rank(a).cmp(&rank(b)),
            Sort::Tools => a.state.tool_count.cmp(&b.state.tool_count),
            Sort::Seen => a.state.observed_at.cmp(&b.state.observed_at),
        }
    }
}

/// What a server is reached by, in one line.
#[must_use]
pub fn target(server: &Server) -> String {
    if let Some(shared) = &server.shared {
        return shared.name.clone();
    }
    if server.transport.is_remote() {
        return server.url.clone();
    }
    if server.command.is_empty() {
        return server.builtin.clone();
    }
    std::iter::once(&server.command).chain(&server.args).cloned().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use domain::{ProjectId, ServerId, Timestamp, server::ServerState};

    use super::*;

    fn server(name: &str, status: Status, tool_count: u32, url: &str) -> Server {
        let at = Timestamp::UNIX_EPOCH;
        let input = domain::server::ServerInput::default();
        Server {
            id: ServerId::new(0, [0; 10]),
            project_id: ProjectId::new(0, [0; 10]),
            name: name.to_owned(),
            description: String::new(),
            transport: Transport::Sse,
            command: String::new(),
            args: Vec::new(),
            working_directory: None,
            env: Vec::new(),
            url: url.to_owned(),
            headers: Vec::new(),
            builtin: String::new(),
            timeout_seconds: input.timeout_seconds,
            alias: String::new(),
            sharing: input.sharing,
            sleep_after_minutes: None,
            memory_mb: None,
            connect_seconds: None,
            initialize_seconds: None,
            total_seconds: None,
            enabled: true,
            approved_command: None,
            shared: None,
            state: ServerState { status, tool_count, ..ServerState::default() },
            created_at: at,
            updated_at: at,
        }
    }

    fn names(listing: &Listing) -> Vec<String> {
        let servers = vec![
            server("alpha", Status::Ready, 3, "https://one.test/sse"),
            server("Beta", Status::Failed, 9, "https://two.test/sse"),
            server("gamma", Status::Ready, 9, "https://one.test/other"),
        ];
        listing.pick(servers).into_iter().map(|server| server.name).collect()
    }

    #[test]
    fn servers_are_found_by_what_one_knows_of_them() {
        let search = |text: &str| Listing { search: text.to_owned(), ..Listing::default() };
        assert_eq!(names(&Listing::default()), ["alpha", "Beta", "gamma"]);
        assert_eq!(names(&search("ONE.test")), ["alpha", "gamma"]);
        assert_eq!(names(&Listing { status: Some(Status::Failed), ..Listing::default() }), ["Beta"]);
        assert!(names(&Listing { transport: Some(Transport::Stdio), ..Listing::default() }).is_empty());
    }

    #[test]
    fn a_column_sorts_by_what_matters_then_the_other_way() {
        let by_tools = Listing::default().by(Sort::Tools);
        assert_eq!(names(&by_tools), ["Beta", "gamma", "alpha"]);
        assert_eq!(names(&by_tools.by(Sort::Tools)), ["alpha", "Beta", "gamma"]);
        assert_eq!(names(&Listing::default().by(Sort::Status)), ["Beta", "alpha", "gamma"], "failures first");
        assert_eq!(names(&Listing::default().by(Sort::Name)), ["gamma", "Beta", "alpha"]);
    }

    #[test]
    fn the_address_says_all_of_it() {
        let mut query = ParamsMap::new();
        for (name, value) in [("q", "a b"), ("status", "failed"), ("transport", "sse"), ("sort", "-tools")] {
            query.insert(name, value.to_owned());
        }
        let listing = Listing::of(&query);
        assert_eq!(listing.href("/l"), "/l?q=a%20b&status=failed&transport=sse&sort=-tools");
        assert_eq!(Listing::of(&ParamsMap::new()).href("/l"), "/l");
    }
}
