//! Texts that depend on a value.

use domain::{
    OrganizationRole, Role,
    invitation::InvitedRole,
    log::{Category, Level, Outcome},
    project::Access,
    server::{Server, Sharing, Status, Transport},
};

use super::{Locale, Text};
use crate::context::Theme;

impl Text {
    fn pick(&self, english: &'static str, korean: &'static str) -> &'static str {
        match self.locale {
            Locale::English => english,
            Locale::Korean => korean,
        }
    }

    /// A count with its noun; English nouns take an s.
    fn count(&self, n: u64, english: &str, korean: &str, counter: &str) -> String {
        match self.locale {
            Locale::English => format!("{} {english}{}", group(n), if n == 1 { "" } else { "s" }),
            Locale::Korean => format!("{korean} {}{counter}", group(n)),
        }
    }

    #[must_use]
    pub fn servers_count(&self, n: impl Into<u64>) -> String {
        self.count(n.into(), "server", "서버", "개")
    }

    #[must_use]
    pub fn members_count(&self, n: impl Into<u64>) -> String {
        self.count(n.into(), "member", "구성원", "명")
    }

    #[must_use]
    pub fn tools_count(&self, n: impl Into<u64>) -> String {
        self.count(n.into(), "tool", "도구", "개")
    }

    #[must_use]
    pub fn projects_count(&self, n: impl Into<u64>) -> String {
        self.count(n.into(), "project", "프로젝트", "개")
    }

    #[must_use]
    pub fn theme(&self, theme: Theme) -> &'static str {
        match theme {
            Theme::System => self.pick("System", "시스템"),
            Theme::Light => self.pick("Light", "밝게"),
            Theme::Dark => self.pick("Dark", "어둡게"),
        }
    }

    #[must_use]
    pub fn role(&self, role: Role) -> &'static str {
        match role {
            Role::Owner => self.pick("Owner", "소유자"),
            Role::Developer => self.pick("Developer", "개발자"),
            Role::Reporter => self.pick("Reporter", "열람자"),
        }
    }

    #[must_use]
    pub fn role_meaning(&self, role: Role) -> &'static str {
        match role {
            Role::Owner => {
                self.pick("everything, also members and deletion", "구성원 관리와 삭제를 포함한 모든 권한")
            }
            Role::Developer => self.pick("servers and keys", "서버와 키 관리"),
            Role::Reporter => self.pick("looks, changes nothing", "보기 전용"),
        }
    }

    #[must_use]
    pub fn organization_role(&self, role: OrganizationRole) -> &'static str {
        match role {
            OrganizationRole::Owner => self.pick("Owner", "소유자"),
            OrganizationRole::Member => self.pick("Member", "구성원"),
        }
    }

    #[must_use]
    pub fn organization_role_meaning(&self, role: OrganizationRole) -> &'static str {
        match role {
            OrganizationRole::Owner => {
                self.pick("manages its members and every project", "구성원과 모든 프로젝트 관리")
            }
            OrganizationRole::Member => {
                self.pick("sees the projects that they are added to", "추가된 프로젝트만 보기")
            }
        }
    }

    /// A role and what it means.
    #[must_use]
    pub fn invited_role(&self, role: InvitedRole) -> (&'static str, &'static str) {
        match role {
            InvitedRole::Project(role) => (self.role(role), self.role_meaning(role)),
            InvitedRole::Organization(role) => {
                (self.organization_role(role), self.organization_role_meaning(role))
            }
        }
    }

    #[must_use]
    pub fn transport(&self, transport: Transport) -> &'static str {
        match transport {
            Transport::Stdio => self.pick("Command (stdio)", "명령 (stdio)"),
            Transport::StreamableHttp => self.pick("Remote (streamable HTTP)", "원격 (streamable HTTP)"),
            Transport::Sse => self.pick("Remote (SSE)", "원격 (SSE)"),
            Transport::Builtin => self.pick("Built in", "내장"),
        }
    }

    #[must_use]
    pub fn sharing(&self, sharing: Sharing) -> &'static str {
        match sharing {
            Sharing::Shared => self.pick("Everyone", "모두"),
            Sharing::Session => self.pick("Each session", "세션마다"),
            Sharing::Key => self.pick("Each key", "키마다"),
        }
    }

    /// How a server's process is kept, in one line.
    #[must_use]
    pub fn process_rules(&self, server: &Server) -> String {
        let sleep = match (server.sleep_after_minutes, self.locale) {
            (None, _) => self.always_on.to_owned(),
            (Some(n), Locale::English) => format!("stops after {} min unused", group(n.into())),
            (Some(n), Locale::Korean) => format!("미사용 {}분 후 중지", group(n.into())),
        };
        let memory = server.memory_mb.map(|mb| format!(" · {} MiB", group(mb.into()))).unwrap_or_default();
        let sharing = match server.sharing {
            Sharing::Shared => self.pick("one for everyone", "모두 함께 하나"),
            Sharing::Session => self.pick("one for each session", "세션마다 하나"),
            Sharing::Key => self.pick("one for each key", "키마다 하나"),
        };
        format!("{sharing} · {sleep}{memory}")
    }

    /// What was set of a server's time limits, in one line.
    #[must_use]
    pub fn time_limits(&self, server: &Server) -> String {
        let limits = [
            (self.pick("connect", "연결"), server.connect_seconds),
            (self.pick("initialize", "초기화"), server.initialize_seconds),
            (self.pick("silence", "무응답"), Some(server.timeout_seconds)),
            (self.pick("whole call", "호출 전체"), server.total_seconds),
        ];
        let set = limits.into_iter().filter_map(|(name, s)| Some(format!("{name} {} s", group(s?.into()))));
        set.collect::<Vec<_>>().join(" · ")
    }

    #[must_use]
    pub fn access(&self, access: Access) -> &'static str {
        match access {
            Access::Key => self.access_key,
            Access::Open => self.access_open,
        }
    }

    #[must_use]
    pub fn status(&self, status: Status) -> &'static str {
        match status {
            Status::Disabled => self.pick("Disabled", "비활성"),
            Status::Unknown => self.pick("Not started yet", "시작 전"),
            Status::Starting => self.pick("Starting", "시작 중"),
            Status::Ready => self.pick("Ready", "준비됨"),
            Status::Idle => self.pick("Idle", "대기"),
            Status::Failed => self.pick("Failed", "실패"),
        }
    }

    #[must_use]
    pub fn level(&self, level: Level) -> &'static str {
        match level {
            Level::Debug => self.pick("Debug", "디버그"),
            Level::Info => self.pick("Info", "정보"),
            Level::Warning => self.pick("Warning", "경고"),
            Level::Error => self.pick("Error", "오류"),
            Level::Critical => self.pick("Critical", "심각"),
        }
    }

    #[must_use]
    pub fn category(&self, category: Category) -> &'static str {
        match category {
            Category::Connection => self.pick("Connection", "연결"),
            Category::ToolExecution => self.pick("Tool call", "도구 호출"),
            Category::Error => self.pick("Error", "오류"),
            Category::StatusCheck => self.pick("Status check", "상태 확인"),
            Category::Configuration => self.pick("Configuration", "설정"),
        }
    }

    #[must_use]
    pub fn outcome(&self, outcome: Outcome) -> &'static str {
        match outcome {
            Outcome::Ok => self.pick("OK", "성공"),
            Outcome::ToolError => self.pick("Tool error", "도구 오류"),
            Outcome::Failed => self.pick("Failed", "실패"),
            Outcome::Cancelled => self.pick("Cancelled", "취소됨"),
        }
    }

    /// How long ago, in the largest unit that fits; the future reads "in …".
    #[must_use]
    pub fn relative(&self, seconds: i64) -> String {
        let past = seconds >= 0;
        let s = seconds.unsigned_abs();
        let (n, english, korean) = match s {
            0..45 => return self.pick("just now", "방금").to_owned(),
            45..5_400 => (s.div_ceil(60).max(1), "min", "분"),
            5_400..129_600 => ((s + 1_800) / 3_600, "h", "시간"),
            _ => ((s + 43_200) / 86_400, "d", "일"),
        };
        match (self.locale, past) {
            (Locale::English, true) => format!("{n} {english} ago"),
            (Locale::English, false) => format!("in {n} {english}"),
            (Locale::Korean, true) => format!("{n}{korean} 전"),
            (Locale::Korean, false) => format!("{n}{korean} 후"),
        }
    }

    #[must_use]
    pub fn sign_in_as(&self, name: &str) -> String {
        match self.locale {
            Locale::English => format!("Sign in as {name}"),
            Locale::Korean => format!("{name}(으)로 로그인"),
        }
    }

    /// A sentence with a name in it: `{}` stands for the name.
    #[must_use]
    pub fn with(&self, sentence: &'static str, name: &str) -> String {
        sentence.replace("{}", name)
    }
}

/// Puts the values in the places of a text, in order. What is put in is not looked at again.
#[must_use]
pub fn filled(template: &str, values: &[&str]) -> String {
    let mut pieces = template.split("{}");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for (piece, value) in pieces.zip(values) {
        text.push_str(value);
        text.push_str(piece);
    }
    text
}

/// Digits in groups of three.
#[must_use]
pub fn group(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// How long something took, in the unit people think in.
#[must_use]
pub fn took(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => format!("{} min {} s", group(ms / 60_000), ms % 60_000 / 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_times() {
        assert_eq!(group(1_234_567), "1,234,567");
        assert_eq!(group(999), "999");
        assert_eq!([took(7), took(1_409), took(61_000)], ["7 ms", "1.4 s", "1 min 1 s"]);
        let (en, ko) = (Text::of(Locale::English), Text::of(Locale::Korean));
        assert_eq!(en.relative(10), "just now");
        assert_eq!(en.relative(120), "2 min ago");
        assert_eq!(en.relative(-86_400 * 30), "in 30 d");
        assert_eq!(ko.relative(7_200), "2시간 전");
        assert_eq!(en.servers_count(1_u32), "1 server");
        assert_eq!(ko.servers_count(1_200_u32), "서버 1,200개");
    }
}
