//! The texts of the first page.

use domain::home::{Matter, RecentChange};

use super::{Locale, Text};

texts! { Home;
    projects "Your projects" "내 프로젝트";
    all_projects "All projects" "모든 프로젝트";
    projects_lead "Favorites, then what you used last." "즐겨찾기와 최근에 사용한 프로젝트입니다.";
    attention "Needs attention" "확인 필요";
    all_well "Nothing needs your attention." "확인이 필요한 항목이 없습니다.";
    more "{} more" "{}건 더 보기";
    look_at_server "Look at the server" "서버 보기";
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
                        format!("{project} 프로젝트의 {server} 서버가 {when}에 실패했습니다.{why}")
                    }
                }
            }
            (Matter::KeyExpires { key, .. }, Locale::English) if ago < 0 => {
                format!("Key {key} of {project} expires {when}.")
            }
            (Matter::KeyExpires { key, .. }, Locale::English) => {
                format!("Key {key} of {project} expired {when}.")
            }
            (Matter::KeyExpires { key, .. }, Locale::Korean) if ago < 0 => {
                format!("{project} 프로젝트의 {key} 키가 {when}에 만료됩니다.")
            }
            (Matter::KeyExpires { key, .. }, Locale::Korean) => {
                format!("{project} 프로젝트의 {key} 키가 {when}에 만료되었습니다.")
            }
        }
    }

    /// What somebody did: the words around the thing it was done to.
    #[must_use]
    pub fn change(&self, change: &RecentChange) -> String {
        let (english, korean) = match change.action.as_str() {
            "project.create" => ("created project {}", "{} 프로젝트 생성"),
            "project.update" => ("changed the settings of {}", "{} 설정 변경"),
            "project.access" => ("changed the access to {}", "{} 접근 방식 변경"),
            "server.create" => ("added server {}", "{} 서버 추가"),
            "server.update" => ("changed server {}", "{} 서버 변경"),
            "server.delete" => ("deleted server {}", "{} 서버 삭제"),
            "server.enable" => ("enabled server {}", "{} 서버 켜기"),
            "server.disable" => ("disabled server {}", "{} 서버 끄기"),
            "server.restart" => ("restarted server {}", "{} 서버 다시 시작"),
            "tool.update" => ("changed tool {}", "{} 도구 변경"),
            "key.create" => ("created key {}", "{} 키 생성"),
            "key.revoke" => ("revoked key {}", "{} 키 폐기"),
            "member.add" => ("added member {}", "{} 구성원 추가"),
            "member.set_role" => ("changed the role of {}", "{} 역할 변경"),
            "member.remove" => ("removed member {}", "{} 구성원 제거"),
            "invitation.create" => ("invited {}", "{} 초대"),
            "invitation.accept" => ("accepted the invitation of {}", "{} 초대 수락"),
            "invitation.withdraw" => ("withdrew the invitation of {}", "{} 초대 취소"),
            "log.clear" => ("cleared the log of {}", "{} 로그 삭제"),
            // What is newer than this table is still told.
            other => return format!("{other} {}", change.target),
        };
        let sentence = match self.locale {
            Locale::English => english,
            Locale::Korean => korean,
        };
        sentence.replace("{}", &change.target)
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
        assert_eq!(ko.matter(&key, "결제", -86_400 * 3), "결제 프로젝트의 ci 키가 3일 후에 만료됩니다.");
        let server = Matter::ServerFailed {
            server: "db".into(),
            code: Some(Code::CrashLoop),
            since: DateTime::UNIX_EPOCH,
        };
        let sentence = en.matter(&server, "Payments", 600);
        assert!(sentence.starts_with("Server db of Payments failed 10 min ago. The server"), "{sentence}");
    }
}
