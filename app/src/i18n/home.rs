//! The texts of the first page.

use domain::home::Matter;

use super::{Locale, Text};

texts! { Home;
    projects "Your projects" "내 프로젝트";
    all_projects "All projects" "모든 프로젝트";
    projects_lead "Favorites, then what you used last." "즐겨찾기와 최근에 사용한 프로젝트입니다.";
    attention "Needs attention" "확인 필요";
    all_well "Nothing needs your attention." "확인이 필요한 항목이 없습니다.";
    more "{} more" "{}건 더 보기";
    look_at_server "Look at the server" "서버 보기";
    see_changes "See the changes" "변경 보기";
    open_keys "Open keys" "키 보기";
    activity "Recent activity" "최근 활동";
    activity_empty "Changes of your projects appear here." "프로젝트의 변경 사항이 여기에 나타납니다.";
    calls "Tool calls in the last 24 hours" "최근 24시간 도구 호출";
}

impl Home {
    /// What is the matter, in one sentence. `ago` is the seconds since.
    #[must_use]
    pub fn matter(&self, matter: &Matter, project: &str, ago: i64) -> String {
        let when = Text::of(self.locale).relative(ago);
        match (matter, self.locale) {
            (Matter::ServerFailed { server, code, .. }, locale) => {
                let why = code.map(|code| format!(" {}", locale.sentence(code))).unwrap_or_default();
                match locale {
                    Locale::English => format!("Server {server} of {project} failed {when}.{why}"),
                    Locale::Korean => {
                        format!("{project} 프로젝트의 {server} 서버가 {when} 실패했습니다.{why}")
                    }
                }
            }
            (Matter::ToolsChanged { server, .. }, Locale::English) => {
                format!("Server {server} of {project} changed its tools {when}.")
            }
            (Matter::ToolsChanged { server, .. }, Locale::Korean) => {
                format!("{project} 프로젝트의 {server} 서버가 {when} 도구를 변경했습니다.")
            }
            (Matter::KeyExpires { key, .. }, Locale::English) if ago < 0 => {
                format!("Key {key} of {project} expires {when}.")
            }
            (Matter::KeyExpires { key, .. }, Locale::English) => {
                format!("Key {key} of {project} expired {when}.")
            }
            (Matter::KeyExpires { key, .. }, Locale::Korean) if ago < 0 => {
                format!("{project} 프로젝트의 {key} 키가 {when} 만료됩니다.")
            }
            (Matter::KeyExpires { key, .. }, Locale::Korean) => {
                format!("{project} 프로젝트의 {key} 키가 {when} 만료되었습니다.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::Code;

    use super::*;

    #[test]
    fn matters_are_sentences() {
        let (en, ko) = (Home::of(Locale::English), Home::of(Locale::Korean));
        let key = Matter::KeyExpires { key: "ci".into(), at: DateTime::UNIX_EPOCH };
        assert_eq!(en.matter(&key, "Payments", -86_400 * 3), "Key ci of Payments expires in 3 d.");
        assert_eq!(en.matter(&key, "Payments", 86_400 * 3), "Key ci of Payments expired 3 d ago.");
        assert_eq!(ko.matter(&key, "결제", -86_400 * 3), "결제 프로젝트의 ci 키가 3일 후 만료됩니다.");
        let tools = Matter::ToolsChanged { server: "db".into(), at: DateTime::UNIX_EPOCH };
        assert_eq!(en.matter(&tools, "Payments", 600), "Server db of Payments changed its tools 10 min ago.");
        let server = Matter::ServerFailed {
            server: "db".into(),
            code: Some(Code::CrashLoop),
            since: DateTime::UNIX_EPOCH,
        };
        let sentence = en.matter(&server, "Payments", 600);
        assert!(sentence.starts_with("Server db of Payments failed 10 min ago. The server"), "{sentence}");
    }
}
