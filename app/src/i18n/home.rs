//! The texts of the first page.

use domain::{home::Matter, invitation::Offer};

use super::{Locale, Text, filled};

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
    offered_by "{} invites you to {} as {}." "{} 님이 {}에 {} 역할로 초대했습니다.";
    offered "You are invited to {} as {}." "{}에 {} 역할로 초대되었습니다.";
    offer_next "Open the link that you were sent; it stops working {}." "받은 링크를 여십시오. {} 만료됩니다.";
    calls "Tool calls in the last 24 hours" "최근 24시간 도구 호출";
}

impl Home {
    /// What somebody is invited to, by whom and how to take it. `ago` is the seconds since its end.
    #[must_use]
    pub fn offer(&self, offer: &Offer, ago: i64) -> String {
        let t = Text::of(self.locale);
        let organization = &offer.organization;
        let host = match (&offer.project, self.locale) {
            (Some(project), Locale::English) => format!("the project {project} of {organization}"),
            (Some(project), Locale::Korean) => format!("{project} 프로젝트({organization})"),
            (None, Locale::English) => format!("the organization {organization}"),
            (None, Locale::Korean) => format!("{organization} 조직"),
        };
        let (role, _) = t.invited_role(offer.role);
        let lead = match &offer.invited_by {
            Some(by) => filled(self.offered_by, &[by, &host, role]),
            None => filled(self.offered, &[&host, role]),
        };
        format!("{lead} {}", filled(self.offer_next, &[&t.relative(ago)]))
    }

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
    use domain::{Code, OrganizationRole, Role};

    use super::*;

    #[test]
    fn an_offer_is_a_sentence_and_the_way_to_take_it() {
        let mut offer = Offer {
            project: None,
            organization: "Acme".into(),
            role: OrganizationRole::Member.into(),
            invited_by: Some("Olive".into()),
            email: None,
            created_at: DateTime::UNIX_EPOCH,
            expires_at: DateTime::UNIX_EPOCH,
        };
        assert_eq!(
            Home::of(Locale::English).offer(&offer, -86_400 * 3),
            "Olive invites you to the organization Acme as Member. \
             Open the link that you were sent; it stops working in 3 d."
        );
        (offer.project, offer.role, offer.invited_by) = (Some("결제".into()), Role::Developer.into(), None);
        assert_eq!(
            Home::of(Locale::Korean).offer(&offer, -86_400 * 3),
            "결제 프로젝트(Acme)에 개발자 역할로 초대되었습니다. 받은 링크를 여십시오. 3일 후 만료됩니다."
        );
    }

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
