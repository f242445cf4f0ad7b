//! The texts of keys beyond their list.

use domain::key::{ApiKey, KeyScope, KeyState};

use super::{Locale, group};

texts! { Keys;
    edit "Edit key" "키 편집";
    back "All keys" "모든 키";
    allows "Allows" "허용 범위";
    servers "Servers" "서버";
    all_servers "All servers of the project" "프로젝트의 모든 서버";
    all_servers_short "all servers" "모든 서버";
    all_servers_hint "Those that are added later too." "나중에 추가하는 서버도 포함합니다.";
    chosen_servers "Only these" "선택한 서버만";
    chosen_hint "Tools, resources and prompts of other servers are neither listed nor usable with this key." "다른 서버의 도구, 리소스, 프롬프트는 이 키에 보이지 않으며 쓸 수 없습니다.";
    no_servers "The project has no servers yet." "프로젝트에 서버가 없습니다.";
    no_servers_left "no servers" "서버 없음";
    scope "Scope" "범위";
    exec "Call tools" "도구 호출";
    exec_hint "List, read and call: mcp:exec" "목록, 읽기, 호출: mcp:exec";
    read "Read only" "읽기 전용";
    read_hint "List and read, but call no tool: mcp:read" "목록과 읽기만 가능: mcp:read";
    limit "Calls a minute" "분당 호출 수";
    limit_hint "Above it calls are refused and told when to come back. Empty: no limit." "초과한 호출은 거부하고 다시 시도할 시간을 알려 줍니다. 비우면 제한이 없습니다.";
    on_date "On a date" "날짜 지정";
    last_day "Last day (UTC)" "마지막 날(UTC)";
    keep "As it is: {}" "그대로: {}";
    ends_soon "Ends soon" "곧 만료";
    from "from {}" "주소 {}";
    state "State" "상태";
    find "Name, server, person or address" "이름, 서버, 사람 또는 주소";
    replace "Replace this key" "키 교체";
    replace_lead "Makes a new key with the same rules and lifetime. This one ends after the overlap, in which you move its clients over." "같은 규칙과 유효 기간으로 새 키를 만듭니다. 이 키는 클라이언트를 옮기는 유예 기간이 지나면 만료됩니다.";
    replace_now "Make successor" "새 키 만들기";
    overlap "This key goes on for" "이 키의 유예 기간";
    overlap_0 "Not at all: end it now" "없음: 지금 만료";
    overlap_1 "1 hour" "1시간";
    overlap_24 "24 hours" "24시간";
    overlap_168 "7 days" "7일";
    revoke_title "Revoke this key" "키 폐기";
    unused "It was never used." "아직 사용한 적이 없습니다.";
    connect "Connect a client with it" "이 키로 클라이언트 연결";
}

impl Keys {
    #[must_use]
    pub const fn scope(&self, scope: KeyScope) -> (&'static str, &'static str) {
        match scope {
            KeyScope::Exec => (self.exec, self.exec_hint),
            KeyScope::Read => (self.read, self.read_hint),
        }
    }

    #[must_use]
    pub const fn state(&self, state: KeyState) -> &'static str {
        match (state, self.locale) {
            (KeyState::Active, Locale::English) => "In force",
            (KeyState::Active, Locale::Korean) => "유효",
            (KeyState::Ending, _) => self.ends_soon,
            (KeyState::Expired, Locale::English) => "Expired",
            (KeyState::Expired, Locale::Korean) => "만료됨",
            (KeyState::Unused, Locale::English) => "Never used",
            (KeyState::Unused, Locale::Korean) => "미사용",
        }
    }

    /// What a key lets its client do, in a few words.
    #[must_use]
    pub fn rules(&self, key: &ApiKey) -> String {
        let servers = match key.servers.as_deref() {
            None => self.all_servers_short.to_owned(),
            Some([]) => self.no_servers_left.to_owned(),
            Some(servers) => servers.iter().map(|server| server.name.as_str()).collect::<Vec<_>>().join(", "),
        };
        match key.calls_per_minute.map(|n| group(n.into())) {
            None => servers,
            Some(n) => match self.locale {
                Locale::English => format!("{servers} · {n} a minute"),
                Locale::Korean => format!("{servers} · 분당 {n}회"),
            },
        }
    }

    /// What revoking a key cuts off, as far as it is known.
    #[must_use]
    pub fn cut(&self, key: &ApiKey, ago: &str) -> String {
        if key.last_used_at.is_none() {
            return self.unused.to_owned();
        }
        let client = key.last_client.as_deref();
        let address = key.last_address.as_deref();
        match self.locale {
            Locale::English => {
                let by = client.map(|client| format!(" by {client}")).unwrap_or_default();
                let from = address.map(|address| format!(" from {address}")).unwrap_or_default();
                format!("It was last used {ago}{by}{from}.")
            }
            Locale::Korean => {
                let by = client.map(|client| format!(" · {client}")).unwrap_or_default();
                let from = address.map(|address| format!(" · {address}")).unwrap_or_default();
                format!("마지막 사용: {ago}{by}{from}.")
            }
        }
    }
}
